import type { JournalEntry } from '../sagemaker/journal.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { readEndpoints } from './read-endpoints.ts';
import { readSwitches } from './switches.ts';
import type { BotState, PageDiaryLine, PagePackage, PanelState } from './wire.ts';

/** How many of SageMaker's own notes the page shows. */
const DIARY_LINES = 30;
const BOT_ANSWERS_WITHIN_MS = 400;

/** Everything beside the channel but the record. */
export async function panelState(sandbox: Sandbox): Promise<PanelState> {
  const { control } = sandbox.sagemaker;
  const state = await control.state();
  const journal = await control.journal();
  const { transport } = await sandbox.slack.control.workspace();
  const bot = sandbox.bot();
  return {
    nowMs: state.nowMs,
    speed: state.speed,
    bot: { state: await botState(bot.url), pid: bot.pid, transport },
    endpoints: readEndpoints(state),
    packages: state.modelPackages.map(packageOf).sort((a, b) => a.version - b.version),
    diary: journal.slice(-DIARY_LINES).map(diaryLine).reverse(),
    switches: await readSwitches(sandbox),
  };
}

async function botState(url: string): Promise<BotState> {
  try {
    const { ok } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(BOT_ANSWERS_WITHIN_MS) });
    return ok ? 'ready' : 'not ready';
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'not ready' : 'gone';
  }
}

function packageOf(item: { readonly [key: string]: unknown }): PagePackage {
  return {
    version: Number(item.ModelPackageVersion),
    approval: String(item.ModelApprovalStatus),
    description: String(item.ModelPackageDescription ?? ''),
  };
}

function diaryLine(entry: JournalEntry): PageDiaryLine {
  const { seq, atMs } = entry;
  if (entry.kind === 'transition') {
    const { endpoint, from, to, asAsked } = entry;
    const settled = to === 'InService' || to === 'Failed' || to === 'gone';
    const words = `${shortName(endpoint)}: ${from} → ${to}${settled && !asAsked ? ' (not as asked)' : ''}`;
    return { seq, atMs, words, tone: !asAsked || to === 'Failed' ? 'bad' : to === 'InService' ? 'good' : 'plain' };
  }
  if (entry.kind === 'alarm')
    return {
      seq,
      atMs,
      words: `${entry.alarm}: ${entry.from} → ${entry.to}`,
      tone: entry.to === 'ALARM' ? 'bad' : 'plain',
    };
  const who = entry.by === 'console' ? ' (console)' : '';
  const what = `${entry.operation}${entry.endpoint === undefined ? '' : ` ${shortName(entry.endpoint)}`}${who}`;
  return entry.outcome === 'accepted'
    ? { seq, atMs, words: what, tone: 'plain' }
    : { seq, atMs, words: `${what} refused: ${entry.error?.code ?? 'unknown'}`, tone: 'bad' };
}

const shortName = (endpoint: string) => endpoint.replace(/^titanic-survival-/, '');
