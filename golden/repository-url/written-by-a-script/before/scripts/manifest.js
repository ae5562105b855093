const fs = require("fs")
const data = JSON.parse(fs.readFileSync("package.json"))
data.repository = "octo-org/octo-repo"
fs.writeFileSync("package.json", JSON.stringify(data))
