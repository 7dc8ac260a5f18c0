// Runs the declarative pipeline of a Jenkinsfile in a folder, as far as Groovy and a shell go: jenkins.groovy JENKINSFILE
// A stage's `post { always }` runs whatever its steps did; a failed step fails the pipeline, and the stages after it are
// left out. Steps that are Jenkins' own are printed with what they found. Ends with 1 for a failed pipeline.
class Stage {
  Closure steps, always
  void steps(Closure body) { steps = body }
  void post(Closure body) { body.delegate = this; body.resolveStrategy = Closure.DELEGATE_FIRST; body() }
  void always(Closure body) { always = body }
}

class Steps {
  Map<String, String> variables
  void sh(String script) {
    def file = File.createTempFile('script', '.sh')
    file.text = script
    def builder = new ProcessBuilder('sh', '-xe', file.path).inheritIO()
    builder.environment().putAll(variables)
    int code = builder.start().waitFor()
    file.delete()
    if (code != 0) throw new RuntimeException("script returned exit code $code")
  }
  Map file(Map credential) { credential }
  void withCredentials(List<Map> credentials, Closure body) {
    credentials.each { variables[it.variable] = System.getenv("CREDENTIAL_${it.credentialsId}") }
    run(body)
    credentials.each { variables.remove(it.variable) }
  }
  void junit(Map step) { found('junit', step.testResults) }
  void archiveArtifacts(Map step) { found('archiveArtifacts', step.artifacts) }
  private void found(String step, String pattern) {
    def folder = new File(pattern).parentFile
    def name = new File(pattern).name.replace('.', '\\.').replace('*', '.*')
    println "$step: ${(folder.list() ?: [] as String[]).findAll { it ==~ name }.sort().join(' ')}"
  }
  void run(Closure body) { body.delegate = this; body.resolveStrategy = Closure.DELEGATE_FIRST; body() }
}

class Pipeline {
  Map<String, String> variables = [:]
  boolean failed = false
  void agent(Object which) {}
  void options(Closure body) {}
  void environment(Closure body) { body.delegate = variables; body.resolveStrategy = Closure.DELEGATE_ONLY; body() }
  void stages(Closure body) { body.delegate = this; body.resolveStrategy = Closure.DELEGATE_FIRST; body() }
  void stage(String name, Closure body) {
    if (failed) { println "stage '$name' skipped"; return }
    def stage = new Stage()
    body.delegate = stage
    body.resolveStrategy = Closure.DELEGATE_FIRST
    body()
    def steps = new Steps(variables: variables)
    try {
      steps.run(stage.steps)
    } catch (RuntimeException error) {
      failed = true
      println "stage '$name' failed: $error.message"
    } finally {
      if (stage.always) steps.run(stage.always)
    }
  }
}

def pipeline = new Pipeline()
def binding = new Binding(any: 'any')
binding.setVariable('pipeline', { Closure body ->
  body.delegate = pipeline
  body.resolveStrategy = Closure.DELEGATE_FIRST
  body()
})
new GroovyShell(binding).evaluate(new File(args[0]))
System.exit(pipeline.failed ? 1 : 0)
