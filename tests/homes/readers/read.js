// What xml2js (dorny/test-reporter) and xml-js (mikepenz/action-junit-report) make of JUnit files: as read.py, in JSON.
const fs = require('node:fs')
const xmljs = require('xml-js')
const xml2js = require('xml2js')

const ENDS = ['failure', 'error', 'skipped']
const first = (text) => (text || '').trim().split('\n')[0]
const orNull = (value) => (value === undefined ? null : value)

async function byXml2js(path) {
  const document = await xml2js.parseStringPromise(fs.readFileSync(path, 'utf8'))
  const cases = []
  for (const suite of document.testsuites.testsuite) {
    cases.push([suite.$.name, ...['tests', 'failures', 'errors', 'skipped'].map((key) => Number(suite.$[key]))])
    for (const test of suite.testcase) {
      const head = [suite.$.name, test.$.classname, test.$.name]
      const ends = ENDS.flatMap((name) => (test[name] || []).map((end) => [name, end]))
      for (const [name, end] of ends) cases.push([...head, name, orNull(end.$.type), orNull(end.$.message), first(end._)])
      if (ends.length === 0) cases.push([...head, 'passed', null, null, ''])
    }
  }
  return cases
}

function byXmlJs(path) {
  const document = xmljs.xml2js(fs.readFileSync(path, 'utf8'), { compact: false })
  const children = (node, names) => (node.elements || []).filter((child) => names.includes(child.name))
  const text = (node) => (node.elements || []).map((child) => child.text || child.cdata || '').join('')
  const cases = []
  for (const suite of children(children(document, ['testsuites'])[0], ['testsuite'])) {
    const facts = suite.attributes
    cases.push([facts.name, ...['tests', 'failures', 'errors', 'skipped'].map((key) => Number(facts[key]))])
    for (const test of children(suite, ['testcase'])) {
      const head = [facts.name, test.attributes.classname, test.attributes.name]
      const ends = children(test, ENDS)
      for (const end of ends) cases.push([...head, end.name, orNull(end.attributes.type), orNull(end.attributes.message), first(text(end))])
      if (ends.length === 0) cases.push([...head, 'passed', null, null, ''])
    }
  }
  return cases
}

async function main() {
  const files = process.argv.slice(2)
  const read = { xml2js: {}, 'xml-js': {} }
  for (const path of files) {
    read.xml2js[path] = await byXml2js(path)
    read['xml-js'][path] = byXmlJs(path)
  }
  process.stdout.write(JSON.stringify(read))
}
main()
