import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ProdAnswer } from '../../wire.ts';
import { html } from '../html.ts';
import { usePage } from '../model/page-context.ts';

const CLASSES = [
  ['1', 'first class'],
  ['2', 'second class'],
  ['3', 'third class'],
  ['crew', 'crew'],
] as const;
const ANSWERS_KEPT = 12;

interface Asked extends ProdAnswer {
  readonly id: number;
}

/** A passenger for the live prod endpoint. */
export function AskTab(): VNode {
  const { state, deeds } = usePage();
  const [passengerClass, setClass] = useState('1');
  const [sex, setSex] = useState('female');
  const [age, setAge] = useState('29');
  const [answers, setAnswers] = useState<readonly Asked[]>([]);
  const prod = state.panel?.endpoints.find(({ environment }) => environment === 'prod');

  async function ask(event: Event): Promise<void> {
    event.preventDefault();
    const answer = await deeds.askProd({ passengerClass, sex, age });
    if (answer === null) return;
    setAnswers((before) => [{ ...answer, id: (before[0]?.id ?? 0) + 1 }, ...before].slice(0, ANSWERS_KEPT));
  }

  const pick =
    (set: (value: string) => void) => (event: { readonly currentTarget: HTMLSelectElement | HTMLInputElement }) =>
      set(event.currentTarget.value);
  return html`<div class="stack">
    <p class="lead">
      Would they have survived? The question goes through the inference API to the live prod endpoint, as any client would
      ask it.
      ${prod?.version == null ? ' prod serves nothing yet: deploy and promote first.' : ` It serves version ${prod.version}.`}
    </p>
    <form class="ask" onSubmit=${(event: Event) => void ask(event)}>
      <label>
        <span>Class</span>
        <select onChange=${pick(setClass)}>
          ${CLASSES.map(([value, words]) => html`<option value=${value} selected=${value === passengerClass}>${words}</option>`)}
        </select>
      </label>
      <label>
        <span>Sex</span>
        <select onChange=${pick(setSex)}>
          ${['female', 'male'].map((value) => html`<option value=${value} selected=${value === sex}>${value}</option>`)}
        </select>
      </label>
      <label>
        <span>Age</span>
        <input type="text" inputmode="numeric" size="4" value=${age} onInput=${pick(setAge)} />
      </label>
      <button type="submit" class="button is-primary" aria-busy=${state.busy.has('ask')}>Ask prod</button>
    </form>
    <ol class="answers" aria-live="polite" aria-label="Answers, newest first">
      ${answers.map((answer) => html`<${AnswerRow} key=${answer.id} answer=${answer} />`)}
    </ol>
  </div>`;
}

function AnswerRow({ answer }: { readonly answer: Asked }): VNode {
  const { ok, request, reply, tookMs, version } = answer;
  const share = Number(reply);
  const isShare = ok && reply.trim() !== '' && share >= 0 && share <= 1;
  return html`<li class=${ok ? 'answer' : 'answer is-bad'}>
    ${
      isShare
        ? html`<p class="chance"><strong>${(share * 100).toFixed(1)} %</strong> chance of survival</p>
            <meter min="0" max="1" value=${share} aria-label="Chance of survival">${reply}</meter>`
        : html`<p>${reply}</p>`
    }
    <p class="answer-foot"><code>${request}</code>${version !== null && ` version ${version.replace(', ', ' or ')},`} ${tookMs} ms</p>
  </li>`;
}
