// Replicate documents from a local PouchDB to a remote one, as an app would by default.
// node replicate.cjs DOCS.ndjson URL MOST_TRIES MOST_SECONDS → one line of JSON.
const fs = require('node:fs')
const PouchDB = require('pouchdb').plugin(require('pouchdb-adapter-memory'))

async function main () {
  const [file, url, mostTries, mostSeconds] = process.argv.slice(2)
  const docs = fs.readFileSync(file, 'utf8').split('\n').map((line, at) => ({
    _id: String(at).padStart(6, '0'), ...JSON.parse(line)
  }))
  const local = new PouchDB('desk', { adapter: 'memory' })
  await local.bulkDocs(docs)
  let requests = 0
  const remote = new PouchDB(url, {
    fetch: (at, options) => { requests += 1; return PouchDB.fetch(at, options) }
  })
  const began = Date.now()
  const cpu = process.cpuUsage()
  let tries = 0
  let done = false
  let error = ''
  while (!done && tries < Number(mostTries) && Date.now() - began < mostSeconds * 1000) {
    tries += 1
    const run = PouchDB.replicate(local, remote)
    const limit = setTimeout(() => run.cancel(), mostSeconds * 1000)
    try {
      const result = await run
      done = result.ok && result.status === 'complete'
    } catch (problem) { error = String(problem.message || problem.name).slice(0, 80) }
    clearTimeout(limit)
  }
  const spent = process.cpuUsage(cpu)
  console.log(JSON.stringify({
    done, tries, requests, seconds: (Date.now() - began) / 1000,
    cpu: (spent.user + spent.system) / 1e6, error
  }))
  process.exit(0)
}
main()
