import assert from "node:assert/strict";
import { test } from "node:test";

import { leftPad } from "../src/index.js";

test("pads with blanks", () => assert.equal(leftPad("7", 3), "  7"));
test("leaves what is wide enough", () => assert.equal(leftPad("1234", 3), "1234"));
test("counts a family as one", () => assert.equal(leftPad("👩‍👩‍👧", 2, "."), ".👩‍👩‍👧"));
