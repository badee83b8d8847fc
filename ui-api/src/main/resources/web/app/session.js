// Whoever is signed in, and what they may do where.

/** Tenants by name, and who stands above whom, as far as they may be seen. */
export class Session {
  constructor(answer, tenants = []) {
    this.name = answer.name;
    this.organizations = answer.organizations;
    this.roles = answer.roles;
    this.may = answer.may;
    this.held = answer.tenants;
    this.tenants = tenants;
    this.parents = new Map(tenants.map((each) => [each.metadata.name, each.spec.parent]));
  }

  /** Whether something is held over the platform, and not at some tenant. */
  get ofPlatform() {
    return Object.keys(this.may).length > 0;
  }

  get hasRole() {
    return this.ofPlatform || this.held.length > 0;
  }

  /** Whether a tenant has pages for whoever is signed in. */
  sees(tenant) {
    return 'tenants' in this.may || this.parents.has(tenant);
  }

  /** Letters of `rwd` for a row of the table of permissions; what is held above reaches down. */
  allows(letter, area, tenant) {
    if ((this.may[area] ?? '').includes(letter)) return true;
    const seen = new Set();
    for (let at = tenant; at && !seen.has(at); at = this.parents.get(at)) {
      seen.add(at);
      const held = this.held.find((each) => each.tenant === at);
      if ((held?.may[area] ?? '').includes(letter)) return true;
    }
    return false;
  }

  get rolesInWords() {
    const held = this.held.flatMap((each) => each.roles.map((role) => `${role} at ${each.tenant}`));
    return [...this.roles, ...held].join(', ');
  }
}
