import type { Locator, Page } from 'playwright-core';

/** How long anything may take: SageMaker moves fast here, but smoke runs take their time. */
export const WITHIN_MS = 45_000;

const MOST_SMOKE_RUNS = 6;

/** Somebody at the page: every deed is a click or a key, every look is what is to be seen. */
export interface Visitor {
  readonly page: Page;
  actAs(name: string): Promise<void>;
  /** Types into the channel's composer and presses Enter. */
  types(text: string): Promise<void>;
  /** Presses a button of the newest card that has it, and answers its confirm dialog. */
  presses(button: string, confirm?: string): Promise<void>;
  showTab(name: string): Promise<void>;
  sees(text: string | RegExp, within?: Locator): Promise<boolean>;
  /** Waits until a card asks for a decision. A busy machine's smoke runs without a verdict are run again. */
  reachesTheGate(version: number): Promise<boolean>;
  /** The card of an endpoint in the panel. */
  endpoint(environment: 'staging' | 'prod'): Locator;
}

export function createVisitor(page: Page): Visitor {
  const messages = page.getByRole('log', { name: /^Messages in/ });
  const composer = page.getByRole('combobox', { name: /^Message / });

  async function sees(text: string | RegExp, within: Locator = page.locator('body')): Promise<boolean> {
    try {
      await within.getByText(text).last().waitFor({ timeout: WITHIN_MS });
      return true;
    } catch {
      return false;
    }
  }

  return {
    page,
    sees,
    async actAs(name) {
      await page.getByRole('radio', { name: new RegExp(`^${name}\\b`) }).check();
      await page.getByRole('combobox', { name: new RegExp(`as ${name}$`) }).waitFor({ timeout: WITHIN_MS });
    },
    async types(text) {
      await composer.fill(text);
      await composer.press('Enter');
    },
    async presses(button, confirm) {
      await messages.getByRole('button', { name: button, exact: true }).last().click({ timeout: WITHIN_MS });
      if (confirm === undefined) return;
      await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click({ timeout: WITHIN_MS });
    },
    async reachesTheGate(version) {
      const gate = messages.getByText(`survival version ${version}: ✋ waits for approval`);
      const again = messages.getByRole('button', { name: 'Run smoke again' });
      for (let run = 0; run < MOST_SMOKE_RUNS; run += 1) {
        await gate.or(again).last().waitFor({ timeout: WITHIN_MS });
        if ((await gate.count()) > 0) return true;
        await again.last().click();
        await again.last().waitFor({ state: 'detached', timeout: WITHIN_MS });
      }
      return false;
    },
    async showTab(name) {
      await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
    },
    endpoint: (environment) => page.getByRole('region', { name: `Endpoint of ${environment}` }),
  };
}
