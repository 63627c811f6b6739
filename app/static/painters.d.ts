// Until the painters themselves are checked: remove this file, and the list in tsconfig.json.
import type { MakePainter } from "./page.js";
import type { Kind } from "./scenes.js";
export const PAINTERS: { [K in Kind]: MakePainter<K> };
