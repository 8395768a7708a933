import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { SCOPES_OF_METHODS } from '../../src/adapters/slack-scopes.ts';
import { verifyEvidence } from '../../src/evidence/verify.ts';
import type { EndpointCall } from '../../src/rollout/events.ts';
import { type Journey, PROD, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, bea, alice, adam } = WHO;

/** Everything that titanic is for, in order, on one sandbox: the same by either way of delivery. */
export function describeMainJob(delivery: 'socket' | 'http'): void {
  describe(`the main job, delivered by ${delivery}`, { timeout: 90_000 }, () => {
    let journey: Journey;
    let first: string;
    beforeAll(async () => {
      journey = await startJourney({ delivery });
    });
    afterAll(() => journey.close());

    it('brings a version to staging, tests it, and asks the approvers', async () => {
      const answer = await journey.types(bea, 'deploy staging --model 1 -- the first model');
      expect(answer).toMatchInlineSnapshot(`"Rollout survival-N of version 1 to staging has started."`);
      const state = await journey.until('the gate opens', (s) => s.rollouts[0]?.status === 'gate');
      first = state.rollouts[0]?.id ?? '';
      expect(await journey.shows(first, 'waits for approval')).toMatchInlineSnapshot(`
        "# survival version 1: ✋ waits for approval
        Asked by @bea, <time>
        Note the first model
        Model nothing in prod → version 1
        Image none → sha256:81333e14b003…
        Instances staging ml.m5.large × 1, prod ml.m5.large × 2
        Description Survival by class and sex.
        Commit <hash>
        Made by titanic-sandbox, <time>
        Metrics accuracy 0.7760, brierScore 0.1640
        Change the endpoint of prod is created; no guardrail, because there is nothing in prod yet to go back to
        Takes not known: prod was not changed like this yet
        Cost per hour staging 0.115 USD, prod 0.23 USD
        Per month of 730 hours staging 83.95 USD, prod 167.90 USD
        Prices AWS Price List, usage type USE1-Host:ml.m5.large (2026-07-30)
        A rollback returns to nothing: there is no earlier deployment
        In the registry approved outside of titanic
        Approvals 0 of 1 by approvers other than @bea; open until <time>
        Smoke test  This version  prod, recorded
        Cases passed  2 of 2  –
        Requests  60  –
        Errors  0.0 %  –
        p50  # ms  –
        p95 (95 % interval)  # ms (# ms to # ms)  –
        p99  # ms  –
        [line chart] Latency of the smoke tests
          This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        [Promote to prod] [Reject]
        survival-N ✓ staging # ms ✓ smoke tests # ms ● approval ○ prod ○ check of prod"
      `);
      expect(await journey.world.serving(STAGING)).toMatchObject({ version: 1, status: 'InService' });
      expect(await journey.world.serving(PROD)).toBeNull();
      const [smoke] = eventsOf(await journey.record.entries(), 'SmokeFinished');
      expect(smoke?.event.result).toMatchObject({ verdict: 'passed', numbers: { n: 60, errorRate: 0 } });
      expect(smoke?.event.result.histogram).not.toBe('');
    });

    it('calls the approvers once, in the thread of the card', async () => {
      const seen = await journey.slack.channel({ channel: 'C0TITANIC', as: alice });
      const calling = seen.filter((message) => message.rendered.includes('@approvers'));
      expect(calling).toHaveLength(1);
      expect(calling[0]?.threadTs).toBe((await journey.card(first))?.ts);
    });

    it('brings to prod what an approver lets through, and checks it there', async () => {
      expect(await journey.presses(alice, ACTIONS.promote, first)).toMatchInlineSnapshot(
        `"survival-N is approved and goes to prod now."`,
      );
      const state = await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === first));
      expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
      expect(state.ended[0]).toMatchObject({ outcome: 'promoted', approvedBy: [alice] });
      expect(state.ended[0]?.prodCheck).toMatchObject({ verdict: 'passed', numbers: { n: 60 } });
      expect(await journey.shows(first, '✅ promoted to prod')).toMatchInlineSnapshot(`
        "# survival version 1: ✅ promoted to prod
        Asked by @bea, <time>
        Note the first model
        Model nothing in prod → version 1
        Image none → sha256:81333e14b003…
        Instances staging ml.m5.large × 1, prod ml.m5.large × 2
        Approved by @alice
        Smoke test  This version, staging  This version, prod  prod before, recorded
        Cases passed  2 of 2  2 of 2  –
        Requests  60  60  –
        Errors  0.0 %  0.0 %  –
        p50  # ms  # ms  –
        p95 (95 % interval)  # ms (# ms to # ms)  # ms (# ms to # ms)  –
        p99  # ms  # ms  –
        [line chart] Latency of the smoke tests
          This version: p10 #, p25 #, p50 #, p75 #, p90 #, p95 #, p99 #
        Ended <time>, # ms after it was asked for
        Version 1 went to prod and passed its check there.
        Check of prod passed: 60 requests, p95 # ms, 0.0 % errors, cases 2 of 2
        survival-N ✓ staging # ms ✓ smoke tests # ms ✓ approval # ms ✓ prod # ms ✓ check of prod # ms"
      `);
    });

    it('puts its evidence into the thread by itself, once, and whole', async () => {
      const files = async () => (await journey.slack.files()).filter(({ name }) => name === `${first}.json`);
      await expect.poll(async () => (await files()).length, { timeout: 30_000 }).toBe(1);
      const { findings } = verifyEvidence((await files())[0]?.text ?? '');
      expect(findings).toEqual([]);
      const { ts } = (await journey.card(first)) ?? { ts: '' };
      const thread = (await journey.slack.channel({ channel: 'C0TITANIC' })).filter(({ threadTs }) => threadTs === ts);
      expect(thread.some(({ fileIds }) => fileIds.length > 0)).toBe(true);
    });

    it('takes the newest approved version when none is named, and a promotion in words', async () => {
      const id = await journey.toTheGate(olivia, 'deploy staging -- with age as a feature');
      const answer = await journey.types(adam, 'promote');
      expect(answer).toMatchInlineSnapshot(`"survival-N is approved and goes to prod now."`);
      await journey.until('prod is checked', (s) => s.ended.some((r) => r.id === id));
      expect(await journey.world.serving(PROD)).toMatchObject({ version: 3, status: 'InService' });
    });

    it('goes back at once, holds prod, and a second person on call changes nothing', async () => {
      const mark = await journey.mark();
      const [asked, again] = [
        await journey.types(olivia, 'rollback -- the error rate is up'),
        await journey.types(alice, 'rollback'),
      ];
      expect(asked).toMatchInlineSnapshot(
        `"prod goes back to version 1. SageMaker starts its fleet anew, which takes minutes."`,
      );
      expect(again).toMatchInlineSnapshot(`"⛔ prod is already going back to version 1, asked by @olivia."`);
      const state = await journey.until('prod is back', (s) => s.endedRollbacks[0]?.environment === 'prod');
      expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
      expect(await journey.calls(PROD, mark)).toHaveLength(1);
      expect(await journey.shows(state.endedRollbacks[0]?.id ?? '', 'back at')).toMatchInlineSnapshot(`
        "# ↩ survival prod: back at version 1
        Started by @olivia, <time>: asked for
        Image sha256:81333e14b003…
        Reason the error rate is up
        Left for good titanic-survival-prod-v3-rN
        Ended <time>, after # ms
        prod runs version 1.
        prod is held by @olivia: the error rate is up
        Released by /titanic unlock prod -- reason
        [Unlock prod]
        survival-N"
      `);
      expect(await journey.types(bea, 'rollback')).toMatchInlineSnapshot(
        `"⛔ prod is already back at version 1, by @olivia. Further back: /titanic rollback prod --to VERSION."`,
      );
    });

    it('says what runs where, and what happened', async () => {
      expect(await journey.types(olivia, 'status')).toMatchInlineSnapshot(`
        "# survival
        staging runs version 3 since <time>
        prod runs version 1 since <time>
        prod is held by @olivia: the error rate is up
        Released by /titanic unlock prod -- reason
        Nothing is rolling out. Start with /titanic deploy staging"
      `);
      expect(await journey.types(olivia, 'history')).toMatchInlineSnapshot(`
        "# survival: last rollouts
        When  Id  What  Asked by  Why
        <time>  survival-N  prod: back at version 1  @olivia  the error rate is up
        <time>  survival-N  version 3: ✅ promoted to prod  @olivia  Version 3 went to prod and passed its check there.
        <time>  survival-N  version 1: ✅ promoted to prod  @bea  Version 1 went to prod and passed its check there."
      `);
      expect(await journey.types(olivia, 'models')).toMatchInlineSnapshot(`
        "# survival: models
        Version  Approval  Status  Image  Metrics  Runs in
          4  PendingManualApproval  Completed  sha256:0f072241be76…  accuracy 0.7783, brierScore 0.1621  –
          3  Approved  Completed  sha256:09805f4f7146…  accuracy 0.7783, brierScore 0.1621  staging
          2  Approved  Completed  sha256:e53732470cfc…  accuracy 0.7760, brierScore 0.1640  –
          1  Approved  Completed  sha256:81333e14b003…  accuracy 0.7760, brierScore 0.1640  prod"
      `);
      expect(await journey.types(olivia, 'cost')).toMatchInlineSnapshot(`
        "# survival: costs
        Service  Environment  Runs  Per hour  Per month
        survival  staging  ml.m5.large × 1  0.115 USD  83.95 USD
        survival  prod  ml.m5.large × 2  0.23 USD  167.90 USD
        In all 0.345 USD an hour, 251.85 USD a month of 730 hours
        Without staging it would be 0.115 USD an hour, 83.95 USD a month less.
        Prices: AWS Price List, usage type USE1-Host:ml.m5.large (2026-07-30), us-east-1. Without tax, discounts and storage."
      `);
      expect(await journey.types(olivia, 'recommend')).toMatch(
        /^# survival: right-sizing\nstaging ml\.m5\.large × 1: not enough data\n.*\nprod ml\.m5\.large × 2: not enough data\n/,
      );
      // How often SageMaker was seen at work, and waited for, differs from run to run.
      const evidence = (await journey.types(olivia, `evidence ${first}`)).split('\n');
      // The file is what the command line writes, and proves itself.
      const { findings } = verifyEvidence(
        (await journey.slack.files()).filter(({ name }) => name === `${first}.json`).at(-1)?.text ?? '',
      );
      expect(findings).toEqual([]);
      const rows = evidence
        .filter((line) => !/ProgressSeen|WaitNoted/.test(line))
        .map((line) => line.replace(/^ *\d+ /, ''));
      expect(rows.join('\n')).toMatchInlineSnapshot(`
        "# Record of survival-N
         #  When  Who  What  Hash
         <time>  @bea  RolloutStarted, DeploymentStarted: Rollout survival-N of version 1 to staging has started.  <hash>
         <time>  titanic  DeploymentPrepared  <hash>
         <time>  titanic  CallIntended  <hash>
         <time>  titanic  CallDecided  <hash>
         <time>  titanic  DeploymentSucceeded  <hash>
         <time>  titanic  SmokeStarted  <hash>
         <time>  titanic  SmokeFinished  <hash>
         <time>  titanic  GateOpened  <hash>
         <time>  @alice  ApprovalGiven, PromotionApproved: survival-N is approved and goes to prod now.  <hash>
         <time>  titanic  DeploymentStarted  <hash>
         <time>  titanic  DeploymentPrepared  <hash>
         <time>  titanic  CallIntended  <hash>
         <time>  titanic  CallDecided  <hash>
         <time>  titanic  DeploymentSucceeded  <hash>
         <time>  titanic  SmokeStarted  <hash>
         <time>  titanic  SmokeFinished, RolloutEnded  <hash>
        entries. Each hash covers the entry and the hash before it. As a file, with the whole hashes: npx titanic evidence export survival-N
        The file survival-N.json is in the thread of its card. Check it with npx titanic verify survival-N.json"
      `);
    });

    it('releases prod when somebody says why', async () => {
      expect(await journey.types(olivia, 'unlock prod')).toMatchInlineSnapshot(`
        "unlock needs a reason after “--”. Nothing was done.
        unlock staging|prod -- reason: releases it"
      `);
      expect(await journey.types(olivia, 'unlock prod -- the cause is found')).toMatchInlineSnapshot(
        `"prod is released: the cause is found."`,
      );
      const { environments } = await journey.record.state();
      expect(environments.prod.holds).toEqual([]);
    });

    it('has recorded each call before it was made, and made none that is not recorded', async () => {
      const entries = await journey.record.entries();
      const intended = eventsOf(entries, 'CallIntended').map(({ entry, event }) => ({
        at: entry.at,
        call: event.call,
      }));
      const made = [...(await journey.calls(STAGING)), ...(await journey.calls(PROD))].toSorted(
        (a, b) => a.seq - b.seq,
      );
      expect(made.map(({ operation, endpoint }) => `${operation} ${endpoint}`)).toEqual([
        `CreateEndpoint ${STAGING}`,
        `CreateEndpoint ${PROD}`,
        `UpdateEndpoint ${STAGING}`,
        `UpdateEndpoint ${PROD}`,
        `UpdateEndpoint ${PROD}`,
      ]);
      for (const [index, call] of made.entries()) {
        expect(call.parameters).toMatchObject({ EndpointConfigName: configOf(intended[index]?.call) });
        expect(Date.parse(intended[index]?.at ?? '')).toBeLessThanOrEqual(call.atMs);
      }
    });

    it('has called nothing of Slack that its scopes were not derived from', async () => {
      const made = await journey.slack.calls();
      const methods = new Set(made.filter(({ tokenKind }) => tokenKind === 'bot').map(({ method }) => method));
      expect(methods.size).toBeGreaterThan(6);
      expect([...methods].filter((method) => !Object.hasOwn(SCOPES_OF_METHODS, method))).toEqual([]);
    });
  });
}

function configOf(call: EndpointCall | undefined): string | undefined {
  return call === undefined || call.kind === 'delete' ? undefined : call.configName;
}
