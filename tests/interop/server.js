// A public tus server over TLS: node server.js FOLDER CERTIFICATE KEY
"use strict";
const fs = require("fs");
const https = require("https");
const { Server } = require("@tus/server");
const { FileStore } = require("@tus/file-store");

const [folder, certificate, key] = process.argv.slice(2);
const uploads = new Server({
  path: "/v1/uploads",
  datastore: new FileStore({ directory: folder }),
});
const options = { cert: fs.readFileSync(certificate), key: fs.readFileSync(key) };
const server = https.createServer(options, uploads.handle.bind(uploads));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
