import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { PowerSupply } from "../../src/server/powerSupply.js";
import { inTemporaryFolder } from "../support/temporary.js";

type Supplies = Readonly<Record<string, Readonly<Record<string, string>>>>;

const mains = (online: string) => ({ type: "Mains", online });
const battery = (status: string, more = {}) => ({ type: "Battery", status, ...more });

/** The power supplies that Linux reports on some computers, and whether the computer runs on battery. */
const computers: readonly (readonly [string, Supplies, boolean])[] = [
  ["a desktop", {}, false],
  ["a laptop on mains", { AC: mains("1"), BAT0: battery("Charging") }, false],
  ["a laptop on mains with a full battery", { AC: mains("1"), BAT0: battery("Full") }, false],
  ["a laptop on mains that holds its charge", { AC: mains("1"), BAT0: battery("Not charging") }, false],
  ["a laptop on battery", { AC: mains("0"), BAT0: battery("Discharging") }, true],
  [
    "a laptop on battery with two batteries",
    { BAT0: battery("Full"), BAT1: battery("Discharging", { scope: "System" }) },
    true,
  ],
  ["a desktop with a mouse", { hidpp_battery_0: battery("Discharging", { scope: "Device" }) }, false],
  ["a virtual machine that says little", { BAT0: { type: "Battery" } }, false],
];

for (const [name, supplies, isOnBattery] of computers) {
  test(`${name}: ${isOnBattery ? "on battery" : "on mains"}`, () =>
    inTemporaryFolder((folder) => {
      for (const [supply, properties] of Object.entries(supplies)) {
        mkdirSync(path.join(folder, supply));
        for (const [property, value] of Object.entries(properties)) {
          writeFileSync(path.join(folder, supply, property), `${value}\n`);
        }
      }
      assert.equal(new PowerSupply(folder).isOnBattery, isOnBattery);
      return Promise.resolve();
    }));
}

test("a system without such files counts as on mains", () => {
  assert.equal(new PowerSupply("/nowhere/power_supply").isOnBattery, false);
});

test("a report of the system counts for half a minute", (t) =>
  inTemporaryFolder((folder) => {
    let nowMs = 1000;
    t.mock.method(performance, "now", () => nowMs);
    const file = path.join(folder, "BAT0", "status");
    mkdirSync(path.dirname(file));
    writeFileSync(path.join(folder, "BAT0", "type"), "Battery");
    const supply = new PowerSupply(folder);
    for (const [atMs, status, isOnBattery] of [
      [1000, "Full", false],
      [31_000, "Discharging", false],
      [31_001, "Discharging", true],
      [61_001, "Full", true],
      [61_002, "Full", false],
    ] as const) {
      nowMs = atMs;
      writeFileSync(file, status);
      assert.equal(supply.isOnBattery, isOnBattery, `at ${atMs}`);
    }
  }));
