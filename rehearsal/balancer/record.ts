/** A NodeBalancer, as the account has it. */
export interface BalancerRecord {
  readonly id: number;
  label: string;
  readonly region: string;
  /** Its address on the public network. */
  readonly address: string;
  /** The address from which it asks its nodes, of those that the vendor keeps for NodeBalancers. */
  readonly source: string;
  /** Connections a second from one client; 0 is any number. */
  throttle: number;
  readonly created: string;
}

/** A port of a NodeBalancer. */
export interface BalancerConfigRecord {
  readonly id: number;
  readonly balancerId: number;
  port: number;
  proxyProtocol: "none" | "v1" | "v2";
  algorithm: "roundrobin" | "leastconn" | "source";
  stickiness: "none" | "table";
  check: "none" | "connection";
  /** Seconds. */
  checkInterval: number;
  /** Seconds. */
  checkTimeout: number;
  checkAttempts: number;
}

/** Where a port of a NodeBalancer leads to. */
export interface BalancerNodeRecord {
  readonly id: number;
  readonly balancerId: number;
  readonly configId: number;
  label: string;
  /** `192.168.240.64:443`. */
  address: string;
  /** 1 to 255. */
  weight: number;
  mode: "accept" | "reject" | "drain" | "backup";
}
