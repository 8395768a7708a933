import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOwnIdentity } from '../../src/adapters/own-identity.ts';

const KEPT_MS = 30_000;

describe('the identity that all AWS clients share', () => {
  let folder: string;
  let nowMs: number;
  const identity = () => createOwnIdentity({ keptMs: KEPT_MS, nowMs: () => nowMs });
  const write = (name: string, ...lines: string[]) => writeFileSync(join(folder, name), lines.join('\n'));
  const keys = (id: string) => ['[default]', `aws_access_key_id = ${id}`, 'aws_secret_access_key = secret'];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'titanic-identity-'));
    nowMs = 0;
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('is found once the file is there, however often it was not', async () => {
    const current = identity();
    await expect(current()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
    await expect(current()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
    write('credentials', ...keys('AKIAFIRST'));
    expect(await current()).toMatchObject({ accessKeyId: 'AKIAFIRST' });
  });

  it('is looked for again after half a minute, so that keys can be exchanged', async () => {
    const current = identity();
    write('credentials', ...keys('AKIAFIRST'));
    expect(await current()).toMatchObject({ accessKeyId: 'AKIAFIRST' });
    write('credentials', ...keys('AKIASECOND'), 'aws_session_token = token');
    nowMs = KEPT_MS - 1;
    expect(await current()).toMatchObject({ accessKeyId: 'AKIAFIRST' });
    nowMs = KEPT_MS;
    const both = await Promise.all([current(), current()]);
    expect(both).toMatchObject([{ accessKeyId: 'AKIASECOND', sessionToken: 'token' }, { accessKeyId: 'AKIASECOND' }]);
  });

  it('stays what it was while nothing is found in its place', async () => {
    const current = identity();
    write('credentials', ...keys('AKIAFIRST'));
    await current();
    rmSync(join(folder, 'credentials'));
    nowMs = KEPT_MS;
    expect(await current()).toMatchObject({ accessKeyId: 'AKIAFIRST' });
  });

  it('that says when it ends is not asked for before', async () => {
    const current = identity();
    const giver = join(folder, 'giver.mjs');
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const given = JSON.stringify({
      Version: 1,
      AccessKeyId: 'ASIAGIVEN',
      SecretAccessKey: 'secret',
      SessionToken: 't',
      Expiration,
    });
    const count = join(folder, 'count');
    writeFileSync(count, '');
    writeFileSync(
      giver,
      `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(count)}, '1');\nconsole.log(${JSON.stringify(given)});\n`,
    );
    write('config', '[default]', `credential_process = "${process.execPath}" "${giver}"`);
    for (nowMs = 0; nowMs < 3 * KEPT_MS; nowMs += KEPT_MS / 2) {
      expect(await current()).toMatchObject({ accessKeyId: 'ASIAGIVEN' });
    }
    expect(readFileSync(count, 'utf8')).toBe('1');
  });
});
