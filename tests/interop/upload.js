// Upload a file by tus-js-client, unchanged; optionally give up after so many bytes.
// node upload.js ENDPOINT FILE METADATA-JSON CHUNK [STOP-AFTER | URL-TO-RESUME]
"use strict";
const fs = require("fs");
const tus = require("tus-js-client");

const [endpoint, file, metadata, chunk, more] = process.argv.slice(2);
const stopAfter = /^\d+$/.test(more || "") ? Number(more) : Infinity;
const uploadUrl = more && !/^\d+$/.test(more) ? more : null;
const upload = new tus.Upload(fs.createReadStream(file), {
  endpoint,
  uploadUrl,
  uploadSize: fs.statSync(file).size,
  chunkSize: Number(chunk),
  metadata: JSON.parse(metadata),
  retryDelays: null,
  uploadDataDuringCreation: process.env.WITH_CREATION === "1",
  onChunkComplete(size, accepted) {
    if (accepted >= stopAfter) {
      console.log(JSON.stringify({ url: upload.url, accepted, ended: false }));
      // As a pulled plug would: no farewell.
      process.exit(0);
    }
  },
  onError(error) {
    const answer = error.originalResponse;
    console.log(JSON.stringify({
      error: String(error.message),
      status: answer ? answer.getStatus() : null,
      body: answer ? answer.getBody() : null,
    }));
    process.exit(1);
  },
  onSuccess() {
    console.log(JSON.stringify({ url: upload.url, ended: true }));
  },
});
if (uploadUrl) {
  // A stream is read from where the server is: hand over a file that can be sliced.
  upload.file = fs.createReadStream(file);
}
upload.start();
