// Copies the source to dist/ under a line that says which version it is.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.js", `// ${name} ${version}\n${readFileSync("src/index.js", "utf8")}`);
