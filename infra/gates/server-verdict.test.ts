import { expect, test } from "vitest";
import { cloudInitVerdict } from "./server-verdict.ts";

/** As cloud-init 25.1.4 of Debian 13 prints it. */
const done = {
  boot_status_code: "enabled-by-generator",
  datasource: "nocloud",
  detail: "DataSourceNoCloud [seed=/var/lib/cloud/seed/nocloud]",
  errors: [],
  extended_status: "done",
  init: { errors: [], finished: 2864.0, recoverable_errors: {}, start: 2863.45 },
  "init-local": { errors: [], finished: 2863.29, recoverable_errors: {}, start: 2863.06 },
  last_update: "Thu, 01 Jan 1970 00:48:02 +0000",
  "modules-config": { errors: [], finished: 2864.53, recoverable_errors: {}, start: 2864.34 },
  "modules-final": { errors: [], finished: 2882.41, recoverable_errors: {}, start: 2864.59 },
  recoverable_errors: {},
  stage: null,
  status: "done",
};

const running = {
  ...done,
  extended_status: "running",
  "modules-final": { errors: [], finished: null, recoverable_errors: {}, start: 2864.59 },
  stage: "modules-final",
  status: "running",
};

const scriptError = "('scripts-user', RuntimeError('Runparts: 1 failures (runcmd) in 1 attempted commands'))";
const failedScript = {
  ...done,
  errors: [scriptError],
  extended_status: "error - done",
  recoverable_errors: {
    WARNING: [
      "Failed to run module scripts-user (scripts in /var/lib/cloud/instance/scripts)",
      "Running module scripts-user (<module 'cloudinit.config.cc_scripts_user' from '/usr/lib/x.py'>) failed",
    ],
  },
  status: "error",
};

const schemaWarning = "cloud-config failed schema validation! You may run 'sudo cloud-init schema --system' to check.";
const degraded = {
  ...done,
  extended_status: "degraded done",
  recoverable_errors: { WARNING: [schemaWarning], DEPRECATED: ["Deprecated cloud-config provided"] },
};

const verdict = (status: object): unknown => cloudInitVerdict(JSON.stringify(status));

test("done without an error is done, with the time that it took", () => {
  expect(verdict(done)).toEqual({ kind: "done", seconds: 19 });
});

test.each([
  ["modules-final", "packages and services"],
  ["modules-config", "settings"],
  ["init", "users, keys and files"],
  ["init-local", "its start"],
  [null, "its start"],
])("at the stage %s it runs on", (stage, words) => {
  expect(verdict({ ...running, stage })).toEqual({ kind: "running", stage: words });
});

test("a server that has not begun runs on", () => {
  expect(verdict({ ...running, status: "not started", extended_status: "not started", stage: null })).toMatchObject({
    kind: "running",
  });
});

test("a failed module is named, with what cloud-init says of it", () => {
  expect(verdict(failedScript)).toEqual({ kind: "failed", modules: ["scripts-user"], errors: [scriptError] });
});

test("an error counts at once, while the rest still runs", () => {
  expect(verdict({ ...running, errors: [scriptError], extended_status: "error - running" })).toMatchObject({
    kind: "failed",
    modules: ["scripts-user"],
  });
});

test("what cloud-init went on in spite of is a failure, too: a schema error among them", () => {
  expect(verdict(degraded)).toEqual({ kind: "failed", modules: [], errors: [schemaWarning] });
});

test("a key that is merely deprecated is no failure", () => {
  const recoverable_errors = { DEPRECATED: ["Deprecated cloud-config provided"] };
  expect(verdict({ ...degraded, recoverable_errors })).toMatchObject({ kind: "done" });
});

test("an image on which cloud-init is switched off has failed", () => {
  const off = { ...done, status: "disabled", extended_status: "disabled", detail: "disabled by marker file" };
  expect(verdict(off)).toEqual({ kind: "failed", modules: [], errors: ["disabled: disabled by marker file"] });
});

test.each(["", "Traceback", "{}", "[1]"])("'%s' is no verdict", (text) => {
  expect(cloudInitVerdict(text)).toBeUndefined();
});
