import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../infra/operator-keys.ts', import.meta.url));

/** An AWS CLI that has no keys yet, makes one, and writes down what it was asked and whether the profile was there. */
const AWS = `#!/bin/sh
if [ -e "$AWS_SHARED_CREDENTIALS_FILE" ]; then echo "$2 with profile" >> "$ASKED"; else echo "$2" >> "$ASKED"; fi
case "$2" in
  list-access-keys) echo '{"AccessKeyMetadata": []}' ;;
  list-user-tags) echo '{"Tags": []}' ;;
  create-access-key) echo '{"AccessKey": {"AccessKeyId": "AKIA1", "SecretAccessKey": "s3cret"}}' ;;
  tag-user) exit "$TAG_USER" ;;
esac
`;

describe('making a key of the operator', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'titanic-operator-'));
    writeFileSync(join(folder, 'aws'), AWS, { mode: 0o755 });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function make(tagUser: number) {
    const credentials = join(folder, 'credentials');
    const asked = join(folder, 'asked');
    const done = spawnSync(process.execPath, [SCRIPT, 'make', 'primary'], {
      encoding: 'utf8',
      env: {
        PATH: `${folder}${delimiter}${process.env.PATH}`,
        AWS_SHARED_CREDENTIALS_FILE: credentials,
        ASKED: asked,
        TAG_USER: String(tagUser),
      },
    });
    const calls = readFileSync(asked, 'utf8').trimEnd().split('\n');
    return { code: done.status, calls, saved: existsSync(credentials) ? readFileSync(credentials, 'utf8') : null };
  }

  it('names it while the profile is still whoever made it', () => {
    const { code, calls, saved } = make(0);
    expect(code).toBe(0);
    expect(calls).toEqual(['list-access-keys', 'list-user-tags', 'create-access-key', 'tag-user']);
    expect(saved).toContain('aws_access_key_id = AKIA1');
  });

  it('takes it back when it gets no name, and leaves the profile as it was', () => {
    const { code, calls, saved } = make(1);
    expect(code).toBe(1);
    expect(calls.at(-1)).toBe('delete-access-key');
    expect(saved).toBeNull();
  });
});
