module.exports = {
  github: { release: true, skipChecks: true },
  npm: { publish: true },
};
