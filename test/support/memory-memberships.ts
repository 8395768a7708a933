import type { MembershipStore, MembersSeen } from '../../src/ports/membership-store.ts';

/** Memberships as the table keeps them, for as many connections as share it. */
export function createMemoryMemberships(): MembershipStore & { readonly kept: Map<string, MembersSeen> } {
  const kept = new Map<string, MembersSeen>();
  return {
    kept,
    members: async (usergroup) => kept.get(usergroup) ?? null,
    async saveMembers(usergroup, seen) {
      kept.set(usergroup, seen);
    },
  };
}
