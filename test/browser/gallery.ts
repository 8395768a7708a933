import type { WebClient } from '@slack/web-api';
import { GALLERY } from './gallery-blocks.ts';
import type { Journey } from './journey.ts';

const RANDOM = 'C0RANDOM';

/** Whatever Block Kit has, and text that tries to be more than text. */
export async function gallery({ visitor, claims, look }: Journey, app: WebClient): Promise<void> {
  const { page } = visitor;
  claims.chapter('All of Block Kit, and words that would be markup');
  await page.getByRole('button', { name: /^random/ }).click();
  for (const blocks of GALLERY) await app.apiCall('chat.postMessage', { channel: RANDOM, text: 'gallery', blocks });
  await visitor.sees('A container');
  const log = page.getByRole('log', { name: 'Messages in #random' });
  claims.claim('nothing of it is unknown to the page', (await log.locator('.unknown-part').count()) === 0);
  claims.claim('charts are drawn', (await log.getByRole('img', { name: /chart$/ }).count()) === 2);
  claims.claim('escaped markup stays words', (await log.getByText('<!channel> that calls nobody').count()) === 1);
  claims.claim('tags in rich text stay words', (await log.getByText('<b>tags</b>').count()) === 1);
  await look('gallery-end');
  await log.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Show the log' }).waitFor();
  await page.keyboard.press('ArrowDown');
  const focused = await page.evaluate<string>('document.activeElement.textContent.trim()');
  claims.claim('a menu is walked with the arrow keys', focused === 'Copy the id', focused);
  await look('gallery');
  await page.keyboard.press('Escape');
  await visitor.actAs('Sam');
  const typed = '<!channel> <script>document.title = "taken"</script>';
  await visitor.types(typed);
  claims.claim('what people type is words', await visitor.sees(typed, log));
  await app.chat.postMessage({ channel: RANDOM, text: 'not escaped: <!channel>' });
  claims.claim('what an app failed to escape shows itself', await visitor.sees('@channel', log));
  const guest = page.getByRole('radio', { name: /^Gus.*unread mentions/ });
  claims.claim('words that look like a call call nobody', (await guest.count()) === 0);
}

export async function filesAndHome({ visitor, claims, look }: Journey, app: WebClient): Promise<void> {
  const { page } = visitor;
  claims.chapter('Files and Home');
  await app.filesUploadV2({
    channel_id: RANDOM,
    filename: 'evidence.json',
    title: 'Evidence',
    content: '{"whole": true}',
  });
  await page.getByRole('button', { name: 'View', exact: true }).click();
  claims.claim('a file can be looked into', await visitor.sees('{"whole": true}'));
  await look('file');
  await page.getByRole('button', { name: 'titanic Home' }).click();
  claims.claim(
    'whoever has no role may look',
    await visitor.sees('You may look', page.getByRole('region', { name: 'Home' })),
  );
  // Everything that can stand in a Home, over what titanic has published.
  await app.apiCall('views.publish', { user_id: 'U0STRANGER', view: { type: 'home', blocks: GALLERY.at(-1) } });
  claims.claim('Home is shown', await visitor.sees('A container', page.getByRole('region', { name: 'Home' })));
  await look('home');
}
