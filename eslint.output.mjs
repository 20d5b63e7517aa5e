const output =
  "Text leaves through lib/base/process/output.ts, log.ts or index.ts's error, which escape what could forge a line.";

const direct = [
  ["MemberExpression[object.name='process'][property.name=/^std(out|err)$/]", output],
  ["MemberExpression[object.name='process'][property.value=/^std(out|err)$/]", output],
  ["VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name=/^std(out|err)$/]", output],
  ["ImportDeclaration[source.value=/^(node:)?process$/]", output],
  ["ImportDeclaration[source.value='picocolors']", "Colours come from lib/base/text/colours.ts."],
  ["CallExpression[callee.name=/^(writeSync|writeFileSync|appendFileSync)$/][arguments.0.raw=/^[12]$/]", output],
  ["MemberExpression[object.name='pulumi'][property.name='log']", output],
];

const named = { selector: "ExportDefaultDeclaration", message: "Use named exports." };

/** No text reaches a terminal or log but through the one writer. */
export default [
  {
    files: ["lib/**/*.ts", "bin/**/*.ts", "packages/*/lib/**/*.ts", "index.ts"],
    ignores: ["lib/base/process/output.ts", "lib/program/stack/log.ts"],
    rules: {
      "no-console": "error",
      "no-restricted-syntax": ["error", named, ...direct.map(([selector, message]) => ({ selector, message }))],
    },
  },
];
