/** Who and what exists in the local workspace before anybody does anything. */
export interface User {
  id: string;
  name: string;
  realName: string;
  teamId: string;
  deleted: boolean;
  isBot: boolean;
  /** A multi-channel guest. */
  isRestricted: boolean;
  /** A single-channel guest. */
  isUltraRestricted: boolean;
  /** Somebody of another workspace who shares a channel with this one. */
  isStranger: boolean;
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
  /** `unreadable` answers `internal_error`, `missing` answers `no_such_subteam`. */
  state: 'active' | 'disabled' | 'unreadable' | 'missing';
}

export interface Channel {
  id: string;
  name: string;
  isPrivate: boolean;
  isExtShared: boolean;
  isArchived: boolean;
  members: string[];
  /** Set for a direct message: the person at the other end. */
  imUser?: string;
}

export interface World {
  team: { id: string; domain: string; name: string };
  appId: string;
  bot: { userId: string; botId: string; name: string };
  users: User[];
  groups: UserGroup[];
  channels: Channel[];
}

const HOME_TEAM = 'T0TITANIC';
const PARTNER_TEAM = 'T0PARTNER';

/** A full member of the home team unless the overrides say otherwise. */
export function person(id: string, name: string, realName: string, overrides: Partial<User> = {}): User {
  return {
    id,
    name,
    realName,
    teamId: HOME_TEAM,
    deleted: false,
    isBot: false,
    isRestricted: false,
    isUltraRestricted: false,
    isStranger: false,
    ...overrides,
  };
}

/** The titanic workspace: a new copy at each call, because callers change it. */
export function titanicWorld(): World {
  const members = ['U0OPERATOR', 'U0ALICE', 'U0ADAM', 'U0BOTH', 'U0STRANGER', 'U0GUEST', 'U0TITANIC'];
  const open = { isPrivate: false, isExtShared: false, isArchived: false };
  return {
    team: { id: HOME_TEAM, domain: 'titanic-local', name: 'Titanic' },
    appId: 'A0TITANIC',
    bot: { userId: 'U0TITANIC', botId: 'B0TITANIC', name: 'titanic' },
    users: [
      person('U0OPERATOR', 'olivia', 'Olivia'),
      person('U0ALICE', 'alice', 'Alice'),
      person('U0ADAM', 'adam', 'Adam'),
      person('U0BOTH', 'bea', 'Bea'),
      person('U0STRANGER', 'sam', 'Sam'),
      person('U0GUEST', 'gus', 'Gus', { isRestricted: true }),
      person('U0GONE', 'greta', 'Greta', { deleted: true }),
      person('U0FOREIGN', 'fred', 'Fred', { teamId: PARTNER_TEAM, isStranger: true }),
      person('U0TITANIC', 'titanic', 'titanic', { isBot: true }),
    ],
    groups: [
      {
        id: 'S0APPROVERS',
        handle: 'approvers',
        name: 'Approvers',
        users: ['U0ALICE', 'U0ADAM', 'U0BOTH'],
        state: 'active',
      },
      { id: 'S0OPERATORS', handle: 'operators', name: 'Operators', users: ['U0OPERATOR', 'U0BOTH'], state: 'active' },
    ],
    channels: [
      { id: 'C0TITANIC', name: 'titanic-rollouts', ...open, members: [...members] },
      { id: 'C0RANDOM', name: 'random', ...open, members: [...members] },
      { id: 'C0SHARED', name: 'shared-with-partner', ...open, isExtShared: true, members: [...members, 'U0FOREIGN'] },
    ],
  };
}
