import type { Claims } from './claims.ts';
import type { NarrowPart } from './looks.ts';
import type { Visitor } from './visitor.ts';

/** What a chapter needs: somebody at the page, a place for claims, and a look from all sides at what is shown. */
export interface Journey {
  readonly visitor: Visitor;
  readonly claims: Claims;
  look(name: string, part?: NarrowPart): Promise<void>;
}

export async function firstVisit({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('A first visit');
  claims.claim(
    'the first steps are offered',
    await visitor.sees('You are Olivia, an operator.', page.getByRole('region', { name: 'First steps' })),
  );
  await look('first-visit');
  const composer = page.getByRole('combobox', { name: /^Message / });
  await composer.fill('/titanic ro');
  const option = page.getByRole('listbox', { name: 'How it can go on' }).getByRole('option').first();
  claims.claim(
    'the composer knows how a command goes on',
    (await option.textContent())?.trim().startsWith('rollback') === true,
  );
  await composer.press('Tab');
  claims.claim('Tab takes the word', (await composer.inputValue()) === '/titanic rollback ');
  await composer.fill('');
}

export async function deploy({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Olivia deploys version 1');
  await page.getByRole('button', { name: /^Type \/titanic deploy staging --model 1/ }).click();
  await page.getByRole('combobox', { name: /^Message / }).press('Enter');
  claims.claim('she is answered', await visitor.sees('Rollout survival-1 of version 1 to staging has started.'));
  claims.claim('the card waits for approval', await visitor.reachesTheGate(1));
  const staging = visitor.endpoint('staging');
  claims.claim('the panel: staging serves version 1', await visitor.sees('version 1', staging));
  claims.claim('the panel: it is InService', await visitor.sees('InService', staging));
  claims.claim('the panel: prod is not there', await visitor.sees('not there yet', visitor.endpoint('prod')));
  await look('gate');
}

export async function refusal({ visitor, claims }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Olivia presses Promote');
  await visitor.presses('Promote to prod', 'Promote');
  claims.claim('she is refused', await visitor.sees('Only approvers may do this.'));
  claims.claim('prod is still not there', await visitor.sees('not there yet', visitor.endpoint('prod')));
  const alice = page.getByRole('radio', { name: /^Alice.*unread mentions/ });
  claims.claim('Alice is called meanwhile', (await alice.count()) === 1);
}

export async function promotion({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Alice decides');
  await visitor.actAs('Alice');
  claims.claim(
    'what she has not seen stands below a line',
    (await page.getByText('New', { exact: true }).count()) === 1,
  );
  claims.claim(
    "Olivia's own answers are not hers to see",
    (await page.getByText('Only approvers may do this.').count()) === 0,
  );
  await page.getByRole('button', { name: /replies/ }).click();
  const thread = page.getByRole('region', { name: 'Thread' });
  claims.claim(
    'the thread calls the approvers, her among them',
    (await thread.locator('.mention.is-mine').first().textContent()) === '@approvers',
  );
  await look('thread');
  await page.getByRole('button', { name: 'Close the thread' }).click();
  await visitor.presses('Promote to prod', 'Not now');
  claims.claim('a no reaches nobody', (await visitor.endpoint('prod').getByText('not there yet').count()) === 1);
  await visitor.presses('Promote to prod', 'Promote');
  claims.claim('she is told', await visitor.sees('survival-1 is approved and goes to prod now.'));
  claims.claim('the card says so', await visitor.sees('survival version 1: ✅ promoted to prod'));
  claims.claim('the panel: prod serves version 1', await visitor.sees('version 1', visitor.endpoint('prod')));
}

export async function request({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('A question for prod');
  await visitor.showTab('Ask');
  await page.getByRole('button', { name: 'Ask prod' }).click();
  const answers = page.getByRole('list', { name: 'Answers, newest first' });
  claims.claim('a woman in first class has a good chance', await visitor.sees(/^[5-9]\d\.\d %$/, answers));
  await look('ask', 'Backstage');
}

/** The form that asks why: what is missing is said beside the field, and nothing is sent. */
export async function rejection({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Alice rejects version 3');
  await visitor.showTab('SageMaker');
  await visitor.actAs('Olivia');
  await visitor.types('/titanic deploy staging --model 3');
  claims.claim('version 3 waits for approval', await visitor.reachesTheGate(3));
  await visitor.actAs('Alice');
  await visitor.presses('Reject');
  const dialog = page.getByRole('dialog', { name: 'Reject' });
  await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
  const complaint = await visitor.sees('Please complete this required field.', dialog);
  claims.claim('a form without a reason is held back', complaint);
  await look('form');
  await dialog.getByLabel(/^Why is/).fill('<!channel> too *early*');
  await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
  claims.claim('the card says so', await visitor.sees('survival version 3: ⛔ rejected'));
  claims.claim('her reason is words', await visitor.sees('<!channel> too *early*'));
}

export async function rollback({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Version 3 after all, and back');
  await visitor.actAs('Olivia');
  await visitor.types('/titanic deploy staging --model 3 -- with age as a feature');
  claims.claim('version 3 waits for approval', await visitor.reachesTheGate(3));
  await visitor.actAs('Alice');
  await visitor.presses('Promote to prod', 'Promote');
  claims.claim('version 3 is in prod', await visitor.sees('survival version 3: ✅ promoted to prod'));
  await visitor.actAs('Olivia');
  await visitor.types('/titanic rollback -- error rate is up');
  claims.claim('prod is back', await visitor.sees('survival prod: back at version 1'));
  claims.claim('the panel: prod serves version 1', await visitor.sees('version 1', visitor.endpoint('prod')));
  const tour = page.getByRole('region', { name: 'First steps' });
  for (let step = 0; step < 2; step += 1) await tour.getByRole('button', { name: 'Next step' }).click();
  await tour.getByRole('button', { name: 'Done, close this' }).click();
  claims.claim('the first steps are done and closed', (await tour.count()) === 0);
  await visitor.showTab('Record');
  claims.claim('the chain is whole', await visitor.sees('The chain is whole'));
  await page.getByRole('button', { name: 'Read all of it again' }).click();
  claims.claim('and still is when it is read again', await visitor.sees(/^Read again: \d+ entries, whole\.$/));
  await look('record', 'Backstage');
}

export async function faults({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  claims.chapter('Things that go wrong');
  await visitor.showTab('Faults');
  const slow = page.getByRole('switch', { name: 'Slow model' });
  await slow.click();
  claims.claim('a fault can be switched on', await becomes(() => slow.getAttribute('aria-checked'), 'true'));
  await look('faults', 'Backstage');
  await slow.click();
  claims.claim('and off', await becomes(() => slow.getAttribute('aria-checked'), 'false'));
  await page.getByRole('button', { name: 'Kill it' }).click();
  claims.claim('the bot can be killed', await visitor.sees('gone', page.getByRole('region', { name: 'The bot' })));
  await visitor.types('/titanic status');
  claims.claim('Slack says that nobody answers', await visitor.sees(/failed with the error "dispatch_failed"/));
  await page.getByRole('button', { name: 'Start another one' }).click();
  claims.claim('another one starts', await visitor.sees('ready', page.getByRole('region', { name: 'The bot' })));
  await visitor.types('/titanic status');
  claims.claim('and answers', await visitor.sees('runs version 1 since'));
}

async function becomes(look: () => Promise<string | null>, wanted: string): Promise<boolean> {
  const until = Date.now() + 5_000;
  while (Date.now() < until) {
    if ((await look()) === wanted) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
