module.exports = {
  publishCommand: ({ defaultCommand }) => `${defaultCommand} --access public`,
};
