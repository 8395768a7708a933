import type { Alarms } from '../ports/alarms.ts';
import type { Clock } from '../ports/clock.ts';
import type { Environment } from '../rollout/candidate.ts';
import { known } from '../rollout/observation.ts';
import type { CloudWatchClients } from './aws-clients.ts';
import { prepareAlarms } from './prepare-alarms.ts';
import { alarmSeen, alarmsByName } from './read-alarms.ts';
import { tripAlarm } from './trip-alarm.ts';

export interface CloudWatchAlarmsDeps {
  readonly clients: Readonly<Record<Environment, CloudWatchClients>>;
  readonly clock: Pick<Clock, 'elapsedMs'>;
}

/** CloudWatch's alarms through the SDK, each environment with its own identity. */
export function createCloudWatchAlarms({ clients, clock }: CloudWatchAlarmsDeps): Alarms {
  return {
    prepare: (request) => prepareAlarms(clients[request.environment], request, clock),

    async read(environment, names) {
      const reading = await alarmsByName(clients[environment].repeatable, names);
      if (reading.kind === 'unknown') return reading;
      return known(names.map((name) => alarmSeen(name, reading.value.get(name))));
    },

    trip: (permission, signal, stillFresh) =>
      tripAlarm(clients[permission.environment].once, permission, signal, stillFresh),
  };
}
