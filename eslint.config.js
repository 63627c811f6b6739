// What no file of the page may do; `make script`. Types are checked by tsc, form by prettier.

const browser =
  "window document location history navigator localStorage matchMedia getComputedStyle devicePixelRatio performance fetch " +
  "requestAnimationFrame setTimeout clearTimeout setInterval clearInterval ResizeObserver URL URLSearchParams Blob " +
  "TextDecoder Node HTMLElement ArrayBuffer Path2D";

export default [
  { ignores: [".venv*/**", "runs/**", "build/**"] },
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2023,
      sourceType: "module",
      globals: Object.fromEntries(browser.split(" ").map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", 60],
      "constructor-super": "error",
      eqeqeq: "error",
      "for-direction": "error",
      "getter-return": "error",
      "no-case-declarations": "error",
      "no-compare-neg-zero": "error",
      "no-cond-assign": "error",
      "no-const-assign": "error",
      "no-constant-binary-expression": "error",
      "no-constant-condition": "error",
      "no-dupe-args": "error",
      "no-dupe-else-if": "error",
      "no-dupe-keys": "error",
      "no-duplicate-case": "error",
      "no-duplicate-imports": "error",
      "no-empty": "error",
      "no-fallthrough": "error",
      "no-implicit-globals": "error",
      "no-import-assign": "error",
      "no-loss-of-precision": "error",
      "no-redeclare": "error",
      "no-self-assign": "error",
      "no-self-compare": "error",
      "no-shadow-restricted-names": "error",
      "no-sparse-arrays": "error",
      "no-undef": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "all" }],
      "no-useless-assignment": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
      "use-isnan": "error",
      "valid-typeof": "error",
    },
  },
];
