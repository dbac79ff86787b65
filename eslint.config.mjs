// The page's JavaScript: plain modules, no build step. Run by `make lint` where npm ci has been.
import js from "@eslint/js";
import globals from "globals";

const browser = { ...globals.browser, AplRenderer: "readonly" };

export default [
  { ignores: ["node_modules/", "build/", ".venv/", "selfhost/", "lambda/"] },
  js.configs.recommended,
  {
    files: ["simulator/page/static/*.js"],
    languageOptions: { sourceType: "module", globals: globals.browser },
  },
  {
    files: ["simulator/page/static/screen.js", "tools/screens/measure.js"],
    languageOptions: { sourceType: "script", globals: browser },
  },
  {
    files: ["tests/emulators/*.js"],
    languageOptions: { sourceType: "commonjs", globals: { ...globals.node, ...globals.mocha } },
  },
  {
    rules: {
      "max-len": ["error", { code: 120, ignoreUrls: true }],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-shadow": "error",
    },
  },
];
