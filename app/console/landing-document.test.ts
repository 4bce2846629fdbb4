import { expect, test } from "vitest";
import { landingDocument } from "./landing-document.ts";
import type { LandingReport } from "./landing-report.ts";

const nasty = `<script>alert("1")</script>&'`;
const report: LandingReport = {
  system: "learnmore",
  ok: false,
  seconds: 75,
  error: `failed ${nasty}`,
  state: "failed",
  copiedNow: true,
  release: nasty,
  run: "7",
  plan: "abc",
  source: `postgresql://${nasty}`,
  target: "postgresql://ann@new/x",
  startedAt: "2026-11-21T10:00:00.000Z",
  finishedAt: null,
  tables: [
    {
      source: nasty,
      target: "accounts.users",
      disposition: "mapped",
      rows: 1000,
      landed: 990,
      quarantined: 10,
      repaired: 3,
      dropped: 0,
      seconds: 1,
    },
    {
      source: "django_session",
      target: null,
      disposition: "dropped",
      rows: 5,
      landed: 0,
      quarantined: 0,
      repaired: 0,
      dropped: 5,
      reason: `sessions ${nasty}`,
      seconds: 0,
    },
  ],
  files: {
    rows: 4,
    landed: 2,
    missing: 1,
    damaged: 1,
    waiting: 0,
    bytes: 2000,
    lost: [{ path: nasty, state: "missing", reason: nasty }],
  },
  verification: {
    checked: 112,
    differences: [
      { check: "content", subject: "accounts.users", legacyId: nasty, fault: "differs", columns: [nasty] },
      { check: "identity", subject: "accounts.users", expected: "0 doubles", found: nasty },
    ],
    checks: [{ name: "content", subject: nasty, passed: false, expected: nasty, found: nasty }],
  },
  repairs: [{ table: "auth_user", rule: "empty-name", rows: 3, reason: nasty }],
  quarantine: [{ table: "auth_user", rule: "twin", rows: 10, reason: nasty }],
  rollbackPoint: { name: "before-7", location: `/points/${nasty}`, bytes: 1_500_000, sha256: "f00d" },
};
const page = landingDocument(report, { text: "", sha256: "0123abcd" });

test("whatever a legacy system brings stands on the page as text", () => {
  expect(page).not.toMatch(/<script/i);
  expect(page.match(/&#60;script&#62;alert/g)?.length).toBeGreaterThan(15);
});

test("the page needs nothing else: no script, no address to load from", () => {
  expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
  expect(page).not.toMatch(/\b(src|href)=|url\(|@import/i);
});

test("a person finds on it what is decided about, and where to sign", () => {
  const text = page.replaceAll(/<style>[\s\S]*<\/style>|<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
  for (const part of [
    "Landing of learnmore",
    "Not verified. 2 differences were found.",
    "postgresql://ann@new/x",
    "1,005 in the source: 990 landed, 10 quarantined, 5 stay behind; 3 of the landed were repaired",
    "0123abcd",
    "empty-name",
    "twin",
    "112 checks were made, 2 differences were found.",
    "Of 4 files that rows name, 2 have landed (2 KB), 1 are missing, 1 damaged and 0 still wait.",
    "before-7 (1.5 MB)",
    "Role Name Date Decision and signature",
    "Owner of the legacy system",
  ])
    expect(text).toContain(part);
});

test("a verified landing says so first", () => {
  const good = { ...report, ok: true, verification: { checked: 112, differences: [], checks: [] } };
  const { error: _, ...verified } = good;
  expect(landingDocument(verified, { text: "", sha256: "" })).toContain('<span class="good">Verified.</span>');
});
