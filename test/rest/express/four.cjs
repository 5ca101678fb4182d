// Everything in this process that asks for Express gets Express 4.
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request === 'express' ? 'express4' : request, ...rest);
};
