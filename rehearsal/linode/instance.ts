import { randomUUID } from "node:crypto";
import { addressOf, places, type Cloud } from "../cloud/cloud.ts";
import { inspectContainer } from "../cloud/container.ts";
import type { Change, Properties, Resource } from "../plugin/resource.ts";
import {
  changeAccount,
  claimLabel,
  find,
  readAccount,
  refusal,
  takeId,
  type Account,
  type InstanceRecord,
} from "./account.ts";
import { detachRemoved, plugVolumes } from "./attachment.ts";
import { defaultType } from "./catalogue.ts";
import { applyFilter } from "./filter.ts";
import { instanceOutputs, readInputs, type InstanceInputs } from "./instance-outputs.ts";
import { instanceProperties } from "./instance-properties.ts";
import { checkInstance, refuseLostPrivateAddress } from "./instance-rules.ts";
import { joinGroup } from "./placement-group-members.ts";
import { ensurePrivateNetwork, privateAddressOf } from "./private-network.ts";
import {
  connectPrivate,
  connectVpc,
  disconnectVpc,
  isRunning,
  makeServer,
  removeServer,
  removeUnknownServers,
  serverNoun,
  startServer,
  stopServer,
} from "./server.ts";
import { claimAddress } from "./subnet-address.ts";

/** Addresses of the public network that servers get: 198.51.100.64 to .191. */
const lastServer = 191;

/** A server: a container with systemd, cloud-init, sshd and networks of its own. */
export const instance: Resource = {
  token: "linode:index/instance:Instance",
  inputs: instanceProperties,
  secretOutputs: ["rootPass", "stackscriptData"],
  check: checkInstance,
  create: async (cloud, inputs) => {
    const wanted = readInputs(inputs);
    // As with the vendor, there is a whole server or none, wherever this is interrupted: what is entered counts only
    // once it is made. Others are made meanwhile.
    const entered = await changeAccount(cloud, async (account) => {
      await removeUnknownServers(cloud, account);
      return enter(cloud, account, wanted);
    });
    try {
      await makeServer(cloud, entered, wanted);
      if (entered.booted) await startServer(cloud, entered);
    } catch (error) {
      await removeServer(cloud, entered);
      await changeAccount(cloud, (account) => {
        account.instances = account.instances.filter(({ id }) => id !== entered.id);
      });
      throw error;
    }
    const record = await changeAccount(cloud, (account) => {
      const made = find(account.instances, entered.id);
      delete made.madeBy;
      return made;
    });
    return { id: String(record.id), outputs: await outputsOf(cloud, record, inputs) };
  },
  read: async (cloud, id, outputs) => {
    const found = readAccount(cloud).instances.find((one) => String(one.id) === id);
    if (found === undefined || (await inspectContainer(cloud, serverNoun(found))) === undefined) return undefined;
    return outputsOf(cloud, found, outputs);
  },
  update,
  remove: async (cloud, id) => {
    const record = readAccount(cloud).instances.find((one) => String(one.id) === id);
    if (record === undefined) return;
    await removeServer(cloud, record);
    await changeAccount(cloud, async (account) => {
      await detachRemoved(cloud, account, record.id);
      account.instances = account.instances.filter((one) => one.id !== record.id);
      account.devices = account.devices.filter(({ entityId }) => entityId !== record.id);
      account.cut = account.cut.filter((cut) => cut !== record.id);
      await applyFilter(cloud, account);
    });
  },
};

/** Notes a new server, which takes its label and its addresses. */
async function enter(cloud: Cloud, account: Account, wanted: InstanceInputs): Promise<InstanceRecord> {
  const id = takeId(account);
  const { region, type = defaultType, image, label = `linode${String(id)}`, booted = true } = wanted;
  claimLabel(account.instances, { label }, "Linodes");
  const address = freeAddress(cloud, account);
  const record: InstanceRecord = {
    ...{ id, label, region, type, image, booted, address },
    hostUuid: randomUUID(),
    madeBy: process.pid,
    ...claimInterface(account, wanted),
  };
  if (wanted.privateIp === true) await givePrivateAddress(cloud, account, record);
  if (wanted.placementGroup !== undefined) joinGroup(account, record, wanted.placementGroup);
  account.instances.push(record);
  return record;
}

async function givePrivateAddress(cloud: Cloud, account: Account, record: InstanceRecord): Promise<void> {
  record.privateAddress = privateAddressOf(await ensurePrivateNetwork(cloud, account), record.address);
}

function claimInterface(account: Account, { region, interfaces = [] }: InstanceInputs): Pick<InstanceRecord, "vpc"> {
  const wanted = interfaces.find(({ purpose }) => purpose === "vpc");
  if (wanted === undefined) return {};
  const subnet = find(account.subnets, wanted.subnetId, "interfaces.subnet_id");
  const network = find(account.vpcs, subnet.vpcId);
  if (network.region !== region) {
    throw refusal(400, `VPC "${network.label}" is in ${network.region}, the Linode in ${region}`, "interfaces");
  }
  return { vpc: { subnetId: subnet.id, address: claimAddress(account, subnet, wanted.ipv4?.vpc) } };
}

function freeAddress(cloud: Cloud, account: Account): string {
  for (let last: number = places.firstServer; last <= lastServer; last += 1) {
    const address = addressOf(cloud, last);
    if (!account.instances.some((one) => one.address === address)) return address;
  }
  throw refusal(400, "The rehearsal's public network has no free address for another Linode");
}

async function update(cloud: Cloud, { id, inputs, before }: Change): Promise<Properties> {
  const wanted = readInputs(inputs);
  const { old, record } = await changeAccount(cloud, async (account) => {
    const known = find(account.instances, id);
    const copy = structuredClone(known);
    await change(cloud, account, { record: known, wanted });
    return { old: copy, record: known };
  });
  const moved = JSON.stringify(old.vpc) !== JSON.stringify(record.vpc);
  const joined = old.privateAddress !== record.privateAddress;
  // The vendor switches a server off to give it another plan, other interfaces or a private address.
  if (moved || joined || old.type !== record.type || !record.booted) await stopServer(cloud, record);
  if (joined) await connectPrivate(cloud, record);
  if (moved && old.vpc !== undefined) await disconnectVpc(cloud, old, old.vpc.subnetId);
  if (moved) await connectVpc(cloud, record);
  if (record.booted) {
    await startServer(cloud, record);
    await changeAccount(cloud, async (account) => {
      await plugVolumes(cloud, account, record);
      await applyFilter(cloud, account);
    });
  }
  return outputsOf(cloud, record, { ...pickComputed(before), ...inputs });
}

interface WantedChange {
  readonly record: InstanceRecord;
  readonly wanted: InstanceInputs;
}

async function change(cloud: Cloud, account: Account, { record, wanted }: WantedChange): Promise<void> {
  if (wanted.region !== record.region) {
    throw new Error(
      `The rehearsal does not stand in for moving Linode "${record.label}" from ${record.region} to ${wanted.region}, ` +
        "which takes the vendor hours and gives it other addresses. Make a server of the next generation instead.",
    );
  }
  refuseLostPrivateAddress(record, wanted);
  const label = wanted.label ?? record.label;
  claimLabel(account.instances, { label, id: record.id }, "Linodes");
  const others = { ...account, instances: account.instances.filter((one) => one !== record) };
  const { vpc } = wanted.interfaces === undefined ? record : claimInterface(others, wanted);
  delete record.vpc;
  Object.assign(record, {
    label,
    type: wanted.type ?? record.type,
    booted: wanted.booted ?? record.booted,
    ...(vpc === undefined ? {} : { vpc }),
  });
  if (wanted.privateIp === true && record.privateAddress === undefined) {
    await givePrivateAddress(cloud, account, record);
  }
  if (wanted.placementGroup === undefined) return;
  delete record.placementGroupId;
  joinGroup(account, record, wanted.placementGroup);
}

/** What the vendor had filled in and keeps. */
function pickComputed(before: Properties): Properties {
  const kept = Object.entries(instanceProperties).filter(([, { computed }]) => computed === true);
  return Object.fromEntries(kept.map(([name]) => [name, before[name]]));
}

async function outputsOf(cloud: Cloud, record: InstanceRecord, inputs: Properties): Promise<Properties> {
  return instanceOutputs(readAccount(cloud), record, { inputs, running: await isRunning(cloud, record) });
}
