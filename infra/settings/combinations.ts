import { wrongCertificate } from "./combinations/certificate.ts";
import type { WrongCombination } from "./combinations/combination.ts";
import { wrongDatabase } from "./combinations/database.ts";
import { wrongDns } from "./combinations/dns.ts";
import { missingSecrets } from "./combinations/secrets.ts";
import { wrongSearch } from "./combinations/search.ts";
import { wrongOnServers } from "./combinations/servers.ts";
import type { Settings } from "./settings.ts";

/** Every pair of settings that cannot go together, secrets that another setting calls for among them. */
export function combinations(settings: Settings): WrongCombination[] {
  return [
    ...missingSecrets(settings),
    ...wrongOnServers(settings),
    ...wrongDatabase(settings),
    ...wrongSearch(settings),
    ...wrongDns(settings),
    ...wrongCertificate(settings),
  ];
}
