// The rule of the output alone, without those that need type information.
import tseslint from "typescript-eslint";
import output from "../../eslint.output.mjs";

export default [{ files: ["**/*.ts"], languageOptions: { parser: tseslint.parser } }, ...output];
