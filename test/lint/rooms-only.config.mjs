// The rules of the rooms alone, without those that need type information: a planted text belongs to no TypeScript project.
import tseslint from "typescript-eslint";
import rooms from "../../eslint.rooms.mjs";

export default [
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser },
    plugins: { "@typescript-eslint": tseslint.plugin },
  },
  ...rooms,
];
