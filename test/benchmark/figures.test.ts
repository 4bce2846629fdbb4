import { expect, test } from "vitest";
import { judged, markdown, median, spread } from "./figures.ts";

test("the median does not mind the order, and a run far off does not move it", () => {
  expect(median([900, 3, 1, 2, 4])).toBe(3);
});

test("a spread tells the lowest and the highest of several runs, and nothing but the value of one", () => {
  expect(spread([2, 1, 4])).toBe("2.0 (1.0–4.0)");
  expect(spread([2], 0)).toBe("2");
  expect(spread([])).toBe("–");
});

test("an aim is missed when its median is on the wrong side of the limit", () => {
  expect(judged({ what: "x", ratios: [1, 0.8, 0.7], least: 0.9 })).toEqual([
    "x",
    "0.80 (0.70–1.00)",
    "≥ 0.9",
    "missed",
  ]);
  expect(judged({ what: "x", ratios: [1, 0.8, 0.7], most: 0.9 }).at(-1)).toBe("reached");
});

test("an aim without a run is neither reached nor missed", () => {
  expect(judged({ what: "x", ratios: [], most: 1 }).at(-1)).toBe("not measured");
});

test("the columns of a table are as wide as their widest cell", () => {
  expect(markdown(["a", "what"], [["long cell", "1"]])).toBe(
    ["| a         | what |", "| --------- | ---- |", "| long cell | 1    |"].join("\n"),
  );
});
