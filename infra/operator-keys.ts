/**
 * The two access keys of data-science-user: made, exchanged and retired with the AWS CLI, so that no secret is ever in
 * Terraform's state or on a screen. IAM's keys have no names; tags of the user say which key is which.
 *
 *     node infra/operator-keys.ts status
 *     node infra/operator-keys.ts make primary|rotation      into the profile data-science-user
 *     node infra/operator-keys.ts retire primary|rotation    switches it off; again with --delete: removes it
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { withProfile } from './credentials-file.ts';

const USER = 'data-science-user';
const KEY_NAMES = ['primary', 'rotation'] as const;
type KeyName = (typeof KEY_NAMES)[number];
/** What AWS allows for one user. */
const MOST_KEYS = 2;
const CREDENTIALS = process.env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials');

interface Key {
  readonly id: string;
  readonly active: boolean;
  readonly made: string;
  /** null: made by hand, so nobody said which it is. */
  readonly name: KeyName | null;
}

/** A sentence for whoever called; nothing was done. */
class Refused extends Error {}

function aws(...args: readonly string[]): unknown {
  const done = spawnSync('aws', [...args, '--output', 'json'], { encoding: 'utf8' });
  if (done.error !== undefined) throw new Refused('the AWS CLI is not installed');
  // What the CLI says on an error names no secret; its output of a success might.
  if (done.status !== 0) throw new Refused(`aws ${args.slice(0, 2).join(' ')}: ${done.stderr.trim()}`);
  return done.stdout.trim() === '' ? {} : JSON.parse(done.stdout);
}

const tagOf = (name: KeyName) => `${USER}-${name}`;

function keys(): readonly Key[] {
  const listed = aws('iam', 'list-access-keys', '--user-name', USER) as {
    AccessKeyMetadata: readonly { AccessKeyId: string; Status: string; CreateDate: string }[];
  };
  const tagged = aws('iam', 'list-user-tags', '--user-name', USER) as {
    Tags: readonly { Key: string; Value: string }[];
  };
  return listed.AccessKeyMetadata.map(({ AccessKeyId: id, Status, CreateDate: made }) => {
    const name = KEY_NAMES.find((one) => tagged.Tags.some(({ Key, Value }) => Key === tagOf(one) && Value === id));
    return { id, active: Status === 'Active', made, name: name ?? null };
  });
}

function status(): void {
  const found = keys();
  if (found.length === 0) console.log(`${USER} has no access key.`);
  for (const { id, active, made, name } of found) {
    const called = name === null ? 'without a name' : tagOf(name);
    console.log(`${called}: ${id}, ${active ? 'active' : 'switched off'}, made ${made}`);
  }
}

function make(name: KeyName): void {
  const found = keys();
  if (found.some((key) => key.name === name)) throw new Refused(`${tagOf(name)} is already there; retire it first`);
  if (found.length >= MOST_KEYS) {
    throw new Refused(`${USER} has ${found.length} keys, and at most ${MOST_KEYS} may exist: retire one with --delete`);
  }
  const { AccessKey } = aws('iam', 'create-access-key', '--user-name', USER) as {
    AccessKey: { AccessKeyId: string; SecretAccessKey: string };
  };
  const { AccessKeyId: id, SecretAccessKey: secret } = AccessKey;
  // First its name, by whoever made it: from the profile's change on, the next call may already be the new key's, which
  // AWS takes some seconds to know. A key that gets no name, or whose secret is not kept, is of no use to anybody.
  try {
    aws('iam', 'tag-user', '--user-name', USER, '--tags', `Key=${tagOf(name)},Value=${id}`);
    saveProfile(id, secret);
  } catch (error) {
    aws('iam', 'delete-access-key', '--user-name', USER, '--access-key-id', id);
    throw error;
  }
  console.log(`${tagOf(name)} is ${id}, and the profile ${USER} of ${CREDENTIALS} uses it.`);
  console.log(`Try it in a few seconds: aws sts get-caller-identity --profile ${USER}`);
}

/** Replaced in one step, so that a reader never sees half a file. */
function saveProfile(id: string, secret: string): void {
  mkdirSync(dirname(CREDENTIALS), { recursive: true, mode: 0o700 });
  const before = existsSync(CREDENTIALS) ? readFileSync(CREDENTIALS, 'utf8') : '';
  const beside = `${CREDENTIALS}.titanic`;
  writeFileSync(beside, withProfile(before, USER, { aws_access_key_id: id, aws_secret_access_key: secret }), {
    mode: 0o600,
  });
  chmodSync(beside, 0o600);
  renameSync(beside, CREDENTIALS);
}

function retire(name: KeyName, remove: boolean): void {
  const found = keys();
  const key = found.find((one) => one.name === name);
  if (key === undefined) throw new Refused(`there is no ${tagOf(name)}`);
  const id = ['--user-name', USER, '--access-key-id', key.id];
  if (!remove) {
    if (!found.some((one) => one.active && one.id !== key.id)) {
      throw new Refused(`${tagOf(name)} is the only active key; make the other one first`);
    }
    aws('iam', 'update-access-key', ...id, '--status', 'Inactive');
    console.log(`${tagOf(name)} is switched off. If nothing misses it: retire ${name} --delete`);
    return;
  }
  // Switched off first, so that what still uses it is noticed while it can be switched on again.
  if (key.active) throw new Refused(`${tagOf(name)} is still active; retire it without --delete first`);
  aws('iam', 'delete-access-key', ...id);
  aws('iam', 'untag-user', '--user-name', USER, '--tag-keys', tagOf(name));
  console.log(`${tagOf(name)} is gone.`);
}

const [verb, named, ...options] = process.argv.slice(2);
const name = KEY_NAMES.find((one) => one === named);
try {
  if (verb === 'status' && named === undefined) status();
  else if (verb === 'make' && name !== undefined) make(name);
  else if (verb === 'retire' && name !== undefined) retire(name, options.includes('--delete'));
  else {
    console.error('node infra/operator-keys.ts status | make primary|rotation | retire primary|rotation [--delete]');
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
