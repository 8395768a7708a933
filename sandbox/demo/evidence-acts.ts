import { openCommandLine } from './command-line.ts';
import { type Demo, PROD } from './demo-parts.ts';
import { eventsOf } from './record.ts';

/** What runs against the record, with the closing criteria, as a terminal shows it. */
export async function verified(demo: Demo, version: number): Promise<void> {
  const { transcript, sandbox } = demo;
  transcript.act('titanic verify: does what runs equal the record');
  const terminal = openCommandLine(transcript, sandbox.env);
  try {
    const { code, printed } = await terminal.titanic('verify --live');
    const criteria = printed.split('\n').filter((line) => line.includes('criterion:'));
    const met = criteria.length === 3 && criteria.every((line) => line.trimStart().startsWith('ok '));
    transcript.claim('each of the three closing criteria is met', met && code === 0, `exit ${code}`);
    const seen = await demo.world.serving(PROD);
    const traced = criteria.some((line) => line.includes('traceable') && line.endsWith(`/titanic-survival/${version}`));
    const served = seen?.version === version && seen.status === 'InService';
    transcript.claim(`SageMaker: prod serves the version that it names`, traced && served, `version ${seen?.version}`);
  } finally {
    terminal.close();
  }
}

/** The evidence of one rollout: its entries, then the file that proves itself, and the same file with another byte. */
export async function evidence(demo: Demo, id: string): Promise<void> {
  const { transcript, sandbox } = demo;
  transcript.act(`The evidence of ${id}`);
  const entries = await demo.record.entries();
  const own = entries.filter((e) => e.rolloutId === id);
  const rows = own.map((e) => {
    const who = e.actor.kind === 'titanic' ? 'titanic' : e.actor.id;
    return `${String(e.seq).padStart(4)}  ${e.at.slice(11, 23)}  ${who.padEnd(10)}  ${e.hash.slice(0, 8)}  ${e.events.map((v) => v.type).join(', ')}`;
  });
  transcript.shows(
    'the table titanic-rollouts',
    ['   #  at (UTC)      who         hash      what', ...rows].join('\n'),
  );
  // Reading them checked every hash from the first entry on.
  const linked = entries.every((e, i) => e.prevHash === (entries[i - 1]?.hash ?? '') && e.seq === i + 1);
  transcript.claim('the chain of all entries is whole', linked, `${entries.length} entries`);

  const [approved] = eventsOf(own, 'PromotionApproved');
  const [approver = ''] = approved?.event.by ?? [];
  const file = `${id}.json`;
  const terminal = openCommandLine(transcript, sandbox.env);
  try {
    const exported = await terminal.titanic(`evidence export ${id} --out ${file}`);
    transcript.claim('the evidence is a file', exported.code === 0, `exit ${exported.code}`);
    const text = terminal.read(file);
    const holds = own.every(({ hash }) => text.includes(hash));
    transcript.claim('it holds every entry above', holds, `${own.length} entries`);
    const whole = await terminal.titanic(`verify ${file}`, 'offline');
    transcript.claim('it proves itself, with no AWS and no Slack at hand', whole.code === 0, `exit ${whole.code}`);

    const place = text.lastIndexOf(approver) + approver.length - 1;
    const other = `${approver.slice(0, -1)}X`;
    terminal.write('changed.json', `${text.slice(0, place)}X${text.slice(place + 1)}`);
    transcript.note(
      `one byte of a copy is changed: entry ${approved?.entry.seq} says ${other} in place of ${approver}`,
    );
    const changed = await terminal.titanic('verify changed.json', 'offline');
    const named = changed.printed.includes(`Entry ${approved?.entry.seq}:`);
    transcript.claim('it is refused, and the entry is named', changed.code === 1 && named, `exit ${changed.code}`);
  } finally {
    terminal.close();
  }
}
