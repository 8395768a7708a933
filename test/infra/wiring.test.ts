import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withProfile } from '../../infra/credentials-file.ts';
import { CLOUDWATCH_ALARMS } from '../../src/alarms.ts';
import { createPulse } from '../../src/pulse.ts';
import { configOfAlarm } from '../../src/rollout/strategy.ts';
import { silentLogger } from '../support/aws-env.ts';
import { sourcesBelow } from '../support/source-imports.ts';
import { story } from '../support/story.ts';
import { withPictures } from './picture/draw.ts';
import { MOTO_FORGETS } from './terraform/moto-gaps.ts';

const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));
const read = (path: string) => readFileSync(join(INFRA, path), 'utf8');
const modules = readdirSync(join(INFRA, 'modules'));
const terraform = [INFRA, ...modules.map((name) => join(INFRA, 'modules', name))].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.tf'))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') })),
);
const everything = terraform.map(({ text }) => text).join('\n');

describe('infra/', () => {
  it('shows itself as it is', () => {
    expect(withPictures(read('README.md'))).toBe(read('README.md'));
  });

  it.each(modules)('%s has a README, an example, outputs, and says what each variable and output is', (name) => {
    for (const file of ['README.md', 'examples/basic/main.tf', 'outputs.tf', 'variables.tf', 'versions.tf']) {
      expect(existsSync(join(INFRA, 'modules', name, file)), file).toBe(true);
    }
    for (const file of ['variables.tf', 'outputs.tf']) {
      const text = read(`modules/${name}/${file}`);
      const blocks = text.match(/^(variable|output) "\w+" \{[\s\S]*?^\}/gm) ?? [];
      expect(blocks.filter((block) => !/^ {2}description += "/m.test(block))).toEqual([]);
    }
  });

  it('names no output and no required variable in a README that is not there, and misses none', () => {
    for (const name of modules) {
      const text = read(`modules/${name}/README.md`);
      const told = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, one]) => one);
      const variables = read(`modules/${name}/variables.tf`);
      const outputs = [...read(`modules/${name}/outputs.tf`).matchAll(/^output "(\w+)"/gm)].map(([, one]) => one);
      const required = [...variables.matchAll(/^variable "(\w+)" \{([\s\S]*?)^\}/gm)]
        .filter(([, , body]) => !/^ {2}default +=/m.test(body ?? ''))
        .map(([, one]) => one);
      expect(told.toSorted(), name).toEqual([...required, ...outputs].toSorted());
    }
  });

  it('makes nothing that titanic makes, so that clean-up and destroy never meet', () => {
    const titanics = /resource "aws_sagemaker_(endpoint|endpoint_configuration|model)"/;
    expect(terraform.filter(({ text }) => titanics.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('names no alarm as titanic names those that guard a change, though both carry its tags', () => {
    const endings = terraform.flatMap(({ text }) =>
      [...text.matchAll(/alarm_name += "\$\{[\w.]+\}-([^"]+)"/g)].map(([, ending = '']) => ending),
    );
    expect(endings.length).toBeGreaterThan(5);
    expect(configOfAlarm('titanic-survival-prod-v3-r39-latency')).not.toBeNull();
    for (const ending of endings) expect(configOfAlarm(`titanic-survival-prod-${ending}`), ending).toBeNull();
  });

  it('keeps no secret and no access key in a state', () => {
    const secretive =
      /resource "(aws_iam_access_key|aws_secretsmanager_secret_version|aws_ssm_parameter|aws_iam_user_login_profile)"/;
    expect(secretive.exec(everything)).toBeNull();
  });

  it('uses no other provider than AWS', () => {
    const types = [...everything.matchAll(/^(?:resource|data) "([a-z0-9]+)_/gm)].map(([, provider]) => provider);
    expect([...new Set(types)]).toEqual(['aws']);
  });

  it('listens in the log for sentences that the bot really says', () => {
    const patterns = [...read('modules/bot/alarms.tf').matchAll(/\$\.msg = \\"(.+?)\\"/g)].map(
      ([, sentence]) => sentence ?? '',
    );
    const sources = ['src', 'handlers'].flatMap(sourcesBelow).map((path) => readFileSync(path, 'utf8'));
    expect(patterns.length).toBeGreaterThan(3);
    expect(patterns.filter((sentence) => !sources.some((text) => text.includes(`'${sentence}'`)))).toEqual([]);
  });

  it('counts fields of the pulse that it really has', async () => {
    const lines: object[] = [];
    const told = story().promotes(1).begins(2).intends('staging');
    await createPulse({
      readiness: async () => ({ ok: false, detail: 'no socket', trouble: ['no-socket'] }),
      states: () => [told.state, story().state],
      behind: () => 7,
      nowMs: () => told.nowMs + 60_000,
      log: { ...silentLogger, info: (fields) => void lines.push(fields as object) },
    })();
    expect(lines).toEqual([
      { ready: false, trouble: ['no-socket'], oldestOpenIntentSeconds: 60, announcerBehindEntries: 7 },
    ]);
    const asked = [...read('modules/bot/alarms.tf').matchAll(/\$\.(\w+)/g)].map(([, field]) => field ?? '');
    expect(asked).toEqual(expect.arrayContaining(['ready', 'oldestOpenIntentSeconds', 'announcerBehindEntries']));
    const known = [...Object.keys(lines[0] ?? {}), 'msg', 'level'];
    expect(asked.filter((field) => !known.includes(field))).toEqual([]);
  });

  it('is not taken for fine where it cannot be found out how the bot is', async () => {
    const lines: object[] = [];
    const log = { ...silentLogger, info: (fields: unknown) => void lines.push(fields as object) };
    const readiness = () => Promise.reject(new Error('no'));
    await createPulse({ readiness, states: () => [], behind: () => 0, nowMs: () => 0, log })();
    expect(lines).toMatchObject([{ ready: false, trouble: ['unknown'], oldestOpenIntentSeconds: 0 }]);
  });

  it('makes exactly the alarms of the bot that the runbook explains', () => {
    const text = read('modules/bot/alarms.tf');
    const keyed = [...text.matchAll(/^ {4}([a-z-]+) = \{$/gm)].map(([, key]) => `bot-${key}`);
    const named = [...text.matchAll(/alarm_name += "\$\{local\.name\}-([a-z-]+)"/g)].map(([, key]) => `bot-${key}`);
    expect([...keyed, ...named].sort()).toEqual(CLOUDWATCH_ALARMS.map(({ name }) => name).sort());
  });

  it('gives a task longer to stop than the bot gives itself', () => {
    const own = /STOP_WITHIN_MS = ([\d_]+)/.exec(readFileSync(join(INFRA, '../src/main.ts'), 'utf8'))?.[1] ?? '0';
    const given = /stopTimeout = (\d+)/.exec(read('modules/bot/main.tf'))?.[1] ?? '0';
    expect(Number(given) * 1_000).toBeGreaterThan(Number(own.replaceAll('_', '')));
  });

  it('lists every known gap of moto', () => {
    const text = read('README.md');
    const gaps = Object.entries(MOTO_FORGETS).flatMap(([address, names]) =>
      names.map((name) => [address, name] as const),
    );
    const type = (address: string) => /\.(aws_\w+)\./.exec(address)?.[1] ?? '';
    expect(gaps.filter(([address, name]) => !text.includes(`\`${type(address)}.${name}\``))).toEqual([]);
  });
});

describe('docs/security.md', () => {
  const text = readFileSync(join(INFRA, '../docs/security.md'), 'utf8');
  const rows =
    text
      .split('## Threats')[1]
      ?.split('\n## ')[0]
      ?.match(/^\| \*\*[STRIDE]\*\* .*$/gm) ?? [];

  it('names for each threat a test that is there', () => {
    const missing = rows.flatMap((row) => {
      const links = [
        ...(row.split(' | ').at(-1) ?? '').matchAll(/\[[\w.-]+\]\(\.\.\/([\w/.-]+)\): ((?:“[^”]+”(?:, )?)+)/g),
      ];
      if (links.length === 0) return [row];
      return links.flatMap(([, path = '', names = '']) => {
        const source = readFileSync(join(INFRA, '..', path), 'utf8');
        const named = [...names.matchAll(/“([^”]+)”/g)].map(([, name]) => name ?? '');
        return named.filter((name) => !source.includes(name)).map((name) => `${path}: ${name}`);
      });
    });
    expect(rows.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('has threats of each kind', () => {
    expect(new Set(rows.map((row) => row[4]))).toEqual(new Set('STRIDE'));
  });

  it('asks in docs/image.md for the very command that the SBOM test runs, and the base that is used', () => {
    const image = readFileSync(join(INFRA, '../docs/image.md'), 'utf8');
    const tag = /^ARG NODE_TAG=(.+)$/m.exec(readFileSync(join(INFRA, '../Dockerfile'), 'utf8'))?.[1] ?? '';
    expect(image).toContain(`node:${tag} `);
    expect(image).toContain('npm sbom --sbom-format cyclonedx >');
  });
});

describe('the credentials file', () => {
  const key = { aws_access_key_id: 'A', aws_secret_access_key: 'S' };
  const own = '[data-science-user]\naws_access_key_id = A\naws_secret_access_key = S\n';

  it('gets the profile, whatever was there', () => {
    expect(withProfile('', 'data-science-user', key)).toBe(own);
    expect(withProfile('[x]\na = 1\n', 'data-science-user', key)).toBe(`[x]\na = 1\n\n${own}`);
    const old = '[data-science-user]\naws_access_key_id = OLD\naws_session_token = T\n\n[y]\nb = 2\n';
    expect(withProfile(old, 'data-science-user', key)).toBe(`${own}\n[y]\nb = 2\n`);
    expect(withProfile(own, 'data-science-user', key)).toBe(own);
  });
});
