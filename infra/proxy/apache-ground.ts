import { containerPorts } from "./site.ts";

/** In this order: what comes first learns the client's address, which the others use. */
const modules = [
  "mpm_event",
  "remoteip",
  "authz_core",
  "authz_host",
  "alias",
  "asis",
  "deflate",
  "env",
  "filter",
  "headers",
  "http2",
  "lbmethod_bybusyness",
  "lbmethod_byrequests",
  "proxy",
  "proxy_balancer",
  "proxy_hcheck",
  "proxy_http",
  "qos",
  "reqtimeout",
  "rewrite",
  "setenvif",
  "slotmem_shm",
  "socache_shmcb",
  "ssl",
  "unique_id",
];

/** What Apache itself needs, whatever it serves: its modules, files in memory, what it says, and how long it waits. */
export const apacheGround = `<IfDefine TRIAL>
  Define folder /run/proxy/trial
  Define httpPort 18080
  Define httpsPort 18443
  Define balancedHttpPort 19080
  Define balancedHttpsPort 19443
</IfDefine>
<IfDefine !TRIAL>
  Define folder /run/proxy
  Define httpPort ${String(containerPorts.http)}
  Define httpsPort ${String(containerPorts.https)}
  Define balancedHttpPort ${String(containerPorts.balancedHttp)}
  Define balancedHttpsPort ${String(containerPorts.balancedHttps)}
</IfDefine>
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join("")}
DefaultRuntimeDir \${folder}
PidFile \${folder}/server.pid
Mutex pthread default
ErrorLog /dev/stderr
LogLevel warn ssl:error
ServerName proxy.invalid
ServerTokens Prod
ServerSignature Off
TraceEnable off
Listen \${httpPort}
Listen \${httpsPort}
Protocols h2 http/1.1
H2Upgrade off
# Room for the processes of the configuration before, which end with their last request.
ServerLimit 16
StartServers 2
ThreadsPerChild 64
MaxRequestWorkers 256
MinSpareThreads 64
MaxSpareThreads 192
GracefulShutdownTimeout 30
Timeout 30
RequestReadTimeout header=15 body=30,MinRate=500
KeepAlive On
KeepAliveTimeout 65
MaxKeepAliveRequests 1000
<Directory />
  Require all denied
</Directory>
`;
