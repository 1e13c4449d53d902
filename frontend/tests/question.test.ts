import { describe, expect, it } from "vitest";
import { readPair } from "../src/transit/question";

const PINGHU = [114.05, 22.62, 114.22, 22.76];
const HERE = { lon: "114.1160", lat: "22.6891" };

describe("coordinates that are pasted", () => {
  it.each([PINGHU, undefined])("come in either order, whether the area is known (%j) or not yet", (box) => {
    expect(readPair("22.6891, 114.1160", box)).toEqual(HERE);
    expect(readPair(" 114.1160，22.6891 ", box)).toEqual(HERE);
  });

  it("are taken as they stand where nothing tells the order", () => {
    expect(readPair("12.5 41.9", undefined)).toEqual({ lon: "12.5", lat: "41.9" });
  });

  it.each(["禾花站", "114.1", "1,2,3", "22.6891, north"])("are not seen in %s", (words) => {
    expect(readPair(words, PINGHU)).toBeNull();
  });
});
