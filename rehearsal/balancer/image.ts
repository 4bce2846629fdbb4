import type { RehearsalImage } from "../images/build.ts";

/** The image of NodeBalancers. */
export const balancerImage: RehearsalImage = { name: "balancer", estimate: 20 };
