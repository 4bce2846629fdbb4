import { isContainer } from "../container.ts";
import type { Rule } from "../rule.ts";
import { ofEach } from "../value.ts";

const secretName =
  /(^|_)(PASSWORD|PASSWD|PASSPHRASE|TOKEN|SECRET|CREDENTIALS?|PRIVATE_KEY|API_KEY|ACCESS_KEY|KEY|DSN)$/i;
const urlWithPassword = /:\/\/[^/@\s:]*:[^/@\s]+@/;

/** Secrets in what `docker inspect` shows. */
const notInEnvironment: Rule = {
  id: "D11",
  title: "Secrets reach a container as files, never by its environment or command line",
  why: "`docker inspect` shows both to whoever may ask the engine, and programs print them when they fail. What is not marked as a secret stands in clear in the state too.",
  fix: "Deliver it as a file (`Service.files`) and give the program its path, as in `DB_PASSWORD_FILE`.",
  level: "mandatory",
  sources: [
    "CIS Docker Benchmark 4.10",
    "https://docs.docker.com/engine/swarm/secrets/#build-support-for-docker-secrets-into-your-images",
  ],
  allow: { what: "Variables that hold no secret, though their names sound like it.", usual: [] },
  scope: "resource",
  about: isContainer,
  check: [
    function* ({ inputs }) {
      // The engine hides the whole list for the sake of one entry, so which one it is cannot be told.
      if (inputs.at("envs").isSecret) yield "has a secret in its environment, which docker inspect shows";
    },
    ({ inputs }, { allow }) => {
      const variables = inputs.at("envs");
      return ofEach(variables.isSecret ? [] : variables.items(), function* (item) {
        const text = item.text() ?? "";
        const [name = ""] = text.split("=", 1);
        const value = text.slice(name.length + 1);
        if (value === "" || allow.includes(name)) return;
        if (secretName.test(name)) yield `has the secret ${name} in clear in its environment`;
        else if (urlWithPassword.test(value))
          yield `has a password in clear in its environment, in the address ${name}`;
      });
    },
    ({ inputs }) =>
      ofEach(["command", "entrypoints", "labels"], function* (property) {
        if (inputs.at(property).isSecret) yield `has a secret in its ${property}, which docker inspect shows`;
      }),
  ],
};

/** Rules on secrets. */
export const secretRules: readonly Rule[] = [notInEnvironment];
