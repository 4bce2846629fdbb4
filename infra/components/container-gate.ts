import type * as pulumi from "@pulumi/pulumi";
import { HealthGate } from "../providers/health-gate.ts";
import type { Server } from "./server.ts";
import type { Service } from "./service.ts";

/** Arguments of a container's gate. */
export interface ContainerGateArgs {
  readonly server: Server;
  readonly noun: string;
  readonly service: Service;
}

/** A gate that opens when the engine's own health check of a container passes: for what speaks no HTTP. */
export function containerGate({ server, noun, service }: ContainerGateArgs, parent: pulumi.Resource): HealthGate {
  return new HealthGate(
    server.logicalName(`${noun}-healthy`),
    {
      engine: server.engine,
      container: service.containerId,
      image: service.imageId,
      probe: { kind: "container" },
      release: "",
      checks: [],
      passes: 1,
      intervalSeconds: 1,
      deadlineSeconds: 120,
      triggers: {},
    },
    { parent },
  );
}
