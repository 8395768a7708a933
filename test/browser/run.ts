/** Plays the whole job on the sandbox's page by clicking, as different people: `npm run test:browser`. */
import { mkdirSync, rmSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { WebClient } from '@slack/web-api';
import { chromium } from 'playwright-core';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { createClaims } from './claims.ts';
import { findChromium } from './find-chromium.ts';
import { filesAndHome, gallery } from './gallery.ts';
import * as journey from './journey.ts';
import { lookAtAll } from './looks.ts';
import { createVisitor } from './visitor.ts';
import { homes, waysIn } from './ways-in.ts';

const SPEED = 240;
const FOLDER = fileURLToPath(new URL('../../test-results/', import.meta.url));
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = findChromium();
if (executablePath === undefined) {
  console.log('Skipped: no Chromium. Install one, or name it with CHROMIUM_PATH.');
  process.exit(0);
}
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const claims = createClaims((line) => console.log(line));
const sandbox = await startSandbox({ speed: SPEED });
await sandbox.startBot();
const browser = await chromium.launch({ executablePath, args: FLAGS });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
const complaints: string[] = [];
page.on('pageerror', (error) => complaints.push(error.message));
page.on('console', (message) => {
  // A refusal of Slack is an answer with status 409, which the browser also logs.
  if (message.type() === 'error' && !message.text().includes('409')) complaints.push(message.text());
});
const elsewhere: string[] = [];
page.on('request', (request) => {
  if (!request.url().startsWith(sandbox.slack.url)) elsewhere.push(request.url());
});

try {
  await page.goto(`${sandbox.slack.url}/`);
  const one: journey.Journey = {
    visitor: createVisitor(page),
    claims,
    look: (name, part = 'Slack') => lookAtAll(page, FOLDER, name, claims, part),
  };
  await journey.firstVisit(one);
  await journey.deploy(one);
  await journey.refusal(one);
  await journey.promotion(one);
  await journey.request(one);
  await journey.rejection(one);
  await journey.rollback(one);
  await homes(one);
  await waysIn(one);
  await journey.faults(one);
  const app = new WebClient(sandbox.slack.botToken, { slackApiUrl: sandbox.slack.apiUrl });
  await gallery(one, app);
  await filesAndHome(one, app);
  claims.chapter('The page itself');
  claims.claim('nothing was loaded from elsewhere', elsewhere.length === 0, elsewhere.join(', '));
  claims.claim('the browser had nothing to complain about', complaints.length === 0, complaints.join('\n      '));
} catch (error) {
  await page.screenshot({ path: `${FOLDER}stopped.png` });
  claims.claim('the journey went to its end', false, error instanceof Error ? error.message : String(error));
} finally {
  await browser.close();
  await sandbox.close();
}
console.log(claims.failures() === 0 ? '\nAll claims held.' : `\n${claims.failures()} claims did not hold.`);
console.log(`Screenshots: ${FOLDER}`);
process.exit(claims.failures() === 0 ? 0 : 1);
