/**
 * What `rwkvCode.exclude` holds unless the user sets it: files whose purpose is to keep a secret, by the names that the
 * programs that read them look for. The manifest repeats it; a test compares the two.
 */
export const secretFiles: readonly string[] = [
  // Environments
  "**/.env*",
  "**/*.env",
  "**/*.env.{local,dev,development,prod,production,test,testing,stage,staging,ci,secret,secrets}",
  "**/.dev.vars*",
  // Keys, certificates, their stores
  "**/*.{pem,key,crt,cer,der,csr,p7b,p8,p12,pfx,pkcs8,pkcs12,jks,jceks,bks,keystore,truststore,keytab,snk,jwk,jwks}",
  "**/*.{ppk,asc,gpg,pgp,age,kdb,kdbx,psafe3,keychain,keychain-db,agilekeychain,opvault,ovpn,wallet}",
  "**/id_{rsa,dsa,ecdsa,ed25519,xmss}*",
  "**/*_{rsa,dsa,ecdsa,ed25519}",
  "**/ssh_host_*_key*",
  "**/.{ssh,gnupg,password-store}/**",
  // Secrets by name
  "**/secrets.*",
  "**/.secret*",
  "**/*secret{,s}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/client_secret*.json",
  "**/{password,passwords}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/*.token",
  "**/.token*",
  // Credentials of programs and services
  "**/credentials",
  "**/*credentials.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt,db,enc}",
  "**/*service{-,_,}account*.json",
  "**/*firebase-adminsdk*.json",
  "**/{.netrc,_netrc,.npmrc,.yarnrc.yml,.pypirc,.htpasswd,.htdigest,.gitcookies,.pgpass,.pg_service.conf,pgpass.conf}",
  "**/.git-credential*",
  "**/{.my.cnf,.mylogin.cnf,.s3cfg,.boto,.dockercfg,.dockerconfigjson,.databrickscfg,.terraformrc,terraform.rc}",
  "**/{.vault-token,.vault_pass*,.vault-pass*,.passwd-s3fs,.passwd,.smbcredentials,.msmtprc,.fetchmailrc,.Renviron}",
  "**/{rclone.conf,.rclone.conf,.ftpconfig,sftp.json,sftp-config.json,filezilla.xml,sitemanager.xml,wp-config.php}",
  "**/{auth.json,local.settings.json,gh/hosts.yml,.m2/settings*.xml,.gradle/gradle.properties,.cargo/credentials*}",
  "**/{kubeconfig,*.kubeconfig,.kube/**,.docker/config.json,.aws/**,.azure/**,.gcloud/**,.config/gcloud/**,.oci/**}",
  "**/etc/{shadow,gshadow}*",
  "**/.*_history",
  // State of deployments holds secrets in the clear
  "**/*.tfvars{,.json}",
  "**/*.tfstate{,.*}",
  "**/.git/**",
];
