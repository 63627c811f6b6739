// Painters of worlds: a file each in worlds/, named by the kind of world and imported when one is shown first. The server has
// a file for every world: of a world without a painter it is worlds/graph.js, and a painter may lie beside the world's model.

/** @import { MakePainter } from "../page.js" */

/** @type {Map<string, MakePainter<any>>} */
const loaded = new Map();

/** @type {Map<string, Promise<void>>} */
const coming = new Map();

/** The painter of a kind of world, once it has come. @param {string} kind */
export const painterOf = (kind) => loaded.get(kind);

/** Ask for the painter of a kind of world. @param {string} kind */
export function load(kind) {
  const asked = coming.get(kind) ?? fetched(kind);
  coming.set(kind, asked);
  return asked;
}

/** @param {string} kind */
async function fetched(kind) {
  const file = `../worlds/${kind}.js`;
  try {
    loaded.set(kind, (await import(file)).painter ?? broken(`${file} exports no function "painter"`));
  } catch (error) {
    loaded.set(kind, broken(`${file}: ${error}`));
  }
}

/** Says in place of a picture why there is none. @param {string} why @returns {MakePainter<any>} */
const broken = (why) => (_scene, ink, width, height) => ({
  ground(c) {
    c.fillStyle = ink["verm-text"];
    c.font = `14px ${ink.font}`;
    c.textAlign = "center";
    c.fillText(why, width / 2, height / 2, width - 20);
  },
  moving() {},
  hit: () => -1,
  at: () => [width / 2, height / 2],
  describe: () => why,
  legend: () => [],
});
