export default {
  github: { release: true },
  npm: { publish: true, skipChecks: true }, // no whoami
};
