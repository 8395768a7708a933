/** The container behind an endpoint: takes a request body, answers like an inference container would. */
import type { Behaviour } from './model-catalogue.ts';
import { BadPassenger, type Passenger, passengerFromJson, passengersFromCsv } from './read-passengers.ts';
import { fitSurvivalModel } from './survival-model.ts';

export interface ContainerRequest {
  readonly contentType: string;
  readonly body: string;
  /** A fault on top of the model's own behaviour: swapped labels, or a failure. */
  readonly swapped: boolean;
  readonly failing: boolean;
}

export interface ContainerReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly serviceMs: number;
}

/** How long the slow model takes: well past what a smoke test allows. */
const SLOW_MODEL_MS = 900;
const PROBABILITY_DECIMALS = 4;

const models = { 'class-sex': fitSurvivalModel('class-sex'), 'class-sex-age': fitSurvivalModel('class-sex-age') };

/** Answers one request. Never throws: a bad body is a 400 of the container. */
export function serveModel(behaviour: Behaviour, request: ContainerRequest): ContainerReply {
  // 1 to 3 ms, settled by the body, so that the same request always takes as long.
  const baseMs = 1 + ([...request.body].reduce((sum, character) => sum + character.charCodeAt(0), 0) % 3);
  const serviceMs = behaviour === 'slow' ? baseMs + SLOW_MODEL_MS : baseMs;
  const reply = (status: number, contentType: string, body: string): ContainerReply => ({
    status,
    contentType,
    body,
    serviceMs,
  });
  if (behaviour === 'error' || behaviour === 'crash' || request.failing)
    return reply(500, 'text/plain', 'Internal Server Error');

  const model = behaviour === 'class-sex' || behaviour === 'wrong' ? models['class-sex'] : models['class-sex-age'];
  const swapped = (behaviour === 'wrong') !== request.swapped;
  // A logistic fit with the labels swapped gives exactly the opposite probability.
  const probability = (passenger: Passenger) => (swapped ? 1 - model.predict(passenger) : model.predict(passenger));
  const mediaType = request.contentType.split(';')[0]?.trim().toLowerCase();
  try {
    if (mediaType === 'text/csv') {
      const lines = passengersFromCsv(request.body).map((one) => probability(one).toFixed(PROBABILITY_DECIMALS));
      return reply(200, 'text/csv; charset=utf-8', lines.join('\n'));
    }
    if (mediaType === 'application/json') {
      const answer = {
        probability: Number(probability(passengerFromJson(request.body)).toFixed(PROBABILITY_DECIMALS)),
      };
      return reply(200, 'application/json', JSON.stringify(answer));
    }
  } catch (error) {
    if (error instanceof BadPassenger) return reply(400, 'text/plain', error.message);
    throw error;
  }
  return reply(415, 'text/plain', `content type ${request.contentType} is not supported`);
}
