import type { Locator, Page } from 'playwright-core';
import type { Journey } from './journey.ts';
import { WITHIN_MS } from './visitor.ts';

/** Home of an operator, an approver and a guest, and what they can do there. */
export async function homes({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  const home = page.getByRole('region', { name: 'Home' });
  claims.chapter('Home, for three kinds of people');
  await visitor.actAs('Olivia');
  await page.getByRole('button', { name: 'titanic Home' }).click();
  claims.claim('Olivia reads what she may', await visitor.sees('You are an operator', home));
  claims.claim('nothing waits for her', (await home.getByText('Waits for you').count()) === 0);
  claims.claim('what runs was not verified since', await visitor.sees('not verified since', home));
  await look('home-operator');
  await deployFromHome(page, home, visitor.sees, claims.claim, look);
  claims.claim('Home follows the rollout by itself', await visitor.sees('waits for approval', home));

  await actAsAtHome(page, 'Alice');
  claims.claim('Alice is asked to decide', await visitor.sees('waits to go to prod', home));
  await look('home-approver');
  await home.getByRole('button', { name: 'Promote to prod' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Promote', exact: true }).click();
  const answer = page.getByRole('dialog', { name: 'titanic' });
  claims.claim('her press is answered where she is', await visitor.sees('prod is held by', answer));
  await look('home-answer');
  await answer.getByRole('button', { name: 'Close', exact: true }).first().click();

  await actAsAtHome(page, 'Gus');
  claims.claim('Gus, a guest, is told why not', await visitor.sees('only from full members', home));
  claims.claim('and sees nothing of what runs', (await home.getByText('prod runs').count()) === 0);
  await look('home-guest');
}

async function deployFromHome(
  page: Page,
  home: Locator,
  sees: Journey['visitor']['sees'],
  claim: Journey['claims']['claim'],
  look: Journey['look'],
): Promise<void> {
  await home.getByRole('button', { name: 'Deploy…' }).click();
  const form = page.getByRole('dialog', { name: 'Deploy to staging' });
  const picker = form.getByRole('combobox', { name: /Model package/ });
  await picker.click({ timeout: WITHIN_MS });
  const found = form.getByRole('listbox', { name: 'Found' }).getByRole('option');
  await found.first().waitFor({ timeout: WITHIN_MS });
  claim('every package is offered at first', (await found.count()) > 2);
  await picker.fill('1');
  await found.getByText(/^1 ·/).waitFor({ timeout: WITHIN_MS });
  await look('form-deploy');
  await picker.fill('1');
  await found.getByText(/^1 ·/).click({ timeout: WITHIN_MS });
  claim('what was chosen stands in the field', (await picker.inputValue()).startsWith('1 ·'));
  await form.getByLabel(/^Note/).fill('from Home');
  await form.getByRole('button', { name: 'Deploy', exact: true }).click();
  const answer = page.getByRole('dialog', { name: 'titanic' });
  claim('the form itself says what became of it', await sees('to staging has started', answer));
  await answer.getByRole('button', { name: 'Close', exact: true }).first().click();
}

/** There is no composer on Home that would say who one is. */
async function actAsAtHome(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${name}\\b`) }).check();
  await page.getByText(`as ${name} sees it`).waitFor({ timeout: WITHIN_MS });
}

/** The menu, the shortcuts, and being called by name. */
export async function waysIn({ visitor, claims, look }: Journey): Promise<void> {
  const { page } = visitor;
  const messages = page.getByRole('log', { name: /^Messages in/ });
  claims.chapter('More ways in than words');
  await page.getByRole('button', { name: /titanic-rollouts/ }).click();
  await visitor.actAs('Olivia');
  await visitor.types('/titanic');
  claims.claim('the command alone is a menu', await visitor.sees('What would you like to do?', messages));
  await look('menu');
  await visitor.presses('Status');
  claims.claim('whose buttons answer', await visitor.sees('staging runs version 1 since', messages));

  await page.getByRole('button', { name: 'Shortcuts', exact: true }).click();
  await page.getByRole('menuitem', { name: 'titanic menu' }).click();
  const menu = page.getByRole('dialog', { name: 'titanic' });
  claims.claim('it opens from anywhere', await visitor.sees('What would you like to do?', menu));
  await look('menu-modal');
  await menu.getByRole('button', { name: 'Close', exact: true }).first().click();

  const card = messages.getByRole('article').filter({ hasText: 'survival version 1: ✋ waits for approval' }).last();
  await card.hover();
  await card.getByRole('button', { name: 'Message shortcuts' }).click();
  await page.getByRole('menuitem', { name: 'Roll this back' }).click();
  const form = page.getByRole('dialog', { name: 'Roll back' });
  claims.claim('a message leads back from what it is about', await visitor.sees('staging goes back from', form));
  await look('form-roll-back');
  await form.getByRole('button', { name: 'Not now' }).click();

  await card.getByRole('button', { name: /repl/i }).click();
  const thread = page.getByRole('region', { name: 'Thread' });
  await thread.getByRole('textbox').fill('@titanic how is it?');
  await thread.getByRole('textbox').press('Enter');
  claims.claim('called by name, it answers in the thread', await visitor.sees('waits for approvers: 0 of 1', thread));
  await look('mention');
  await page.getByRole('button', { name: 'Close the thread' }).click();
}
