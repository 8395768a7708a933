import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** STS that gives a role to whoever asks. The key it gives names the role, so that a recording shows who acted. */
export interface GrantingSts {
  readonly url: string;
  close(): void;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const AN_HOUR_MS = 3_600_000;

/** What the key of a role begins with; the role's name follows, without dashes. */
export const ROLE_KEY = 'ROLE';

export async function startGrantingSts(): Promise<GrantingSts> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const asked = new URLSearchParams(body);
      const role = asked.get('RoleArn')?.split('/').at(-1) ?? '';
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(asked.get('Action') === 'AssumeRole' ? granted(role) : identity());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

function granted(role: string): string {
  const until = new Date(Date.now() + AN_HOUR_MS).toISOString();
  return (
    `<AssumeRoleResponse xmlns="${NAMESPACE}"><AssumeRoleResult><Credentials>` +
    `<AccessKeyId>${ROLE_KEY}${role.replaceAll('-', '')}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
    `<SessionToken>t</SessionToken><Expiration>${until}</Expiration></Credentials></AssumeRoleResult>` +
    '</AssumeRoleResponse>'
  );
}

function identity(): string {
  const arn = 'arn:aws:iam::123456789012:user/data-science-user';
  return (
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>${arn}</Arn>` +
    '<UserId>AIDASANDBOX</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
  );
}
