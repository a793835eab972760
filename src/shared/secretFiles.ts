/**
 * The default of `rwkvCode.exclude`: files that are likely to hold a secret, by name. The manifest repeats the list; a
 * test compares the two.
 */
export const secretFiles: readonly string[] = [
  // Environment files
  "**/.env*",
  "**/*.env",
  "**/*.env.{local,dev,development,prod,production,test,testing,stage,staging,ci,secret,secrets}",
  "**/.dev.vars*",
  // Keys, certificates, key stores
  "**/*.{pem,key,crt,cer,der,csr,p7b,p8,p12,pfx,pkcs8,pkcs12,jks,jceks,bks,keystore,truststore,keytab,snk,jwk,jwks}",
  "**/*.{ppk,asc,gpg,pgp,age,kdb,kdbx,psafe3,keychain,keychain-db,agilekeychain,opvault,ovpn,wallet}",
  "**/id_{rsa,dsa,ecdsa,ed25519,xmss}*",
  "**/*_{rsa,dsa,ecdsa,ed25519}",
  "**/ssh_host_*_key*",
  "**/.{ssh,gnupg,password-store}/**",
  // Files named after secrets
  "**/secrets.*",
  "**/.secret*",
  "**/{secrets,.secrets}/**",
  "**/*secret{,s}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/client_secret*.json",
  "**/{,*[-_.]}{password,passwords,passwd,passphrase}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/*.token",
  "**/.token*",
  // Files with a token or a key. `tokens.json` and `keys.json` are not listed, because they usually belong to a design
  // system or a translation.
  "**/{token,*[-_.]token}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/*{access,refresh,auth,api,bot}{,-,_}{token,tokens}.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt}",
  "**/*{api,access,private,secret,master,encryption,signing,deploy,account}{,-,_}{key,keys}.{json,yaml,yml,toml,txt,csv}",
  "**/{github,gitlab,gh,npm,pypi,slack,discord,telegram,hf,openai,aws,docker}{-,_,}{token,pat,api_key,apikey}",
  "**/{rootkey.csv,master.key*,.api_key*,.apikey*}",
  // Credentials of programs and services
  "**/credentials",
  "**/*credentials.{json,yaml,yml,toml,ini,cfg,conf,properties,xml,csv,txt,db,enc}",
  "**/{aws,gcp,gcloud,google,azure,git,docker,db}{-,_,.}credentials",
  "**/*service{-,_,}account*.json",
  "**/*firebase-adminsdk*.json",
  "**/{.netrc,_netrc,.npmrc,.yarnrc.yml,.pypirc,.htpasswd,.htdigest,.gitcookies,.pgpass,.pg_service.conf,pgpass.conf}",
  "**/.git-credential*",
  "**/{.my.cnf,.mylogin.cnf,.s3cfg,.boto,.dockercfg,.dockerconfigjson,.databrickscfg,.terraformrc,terraform.rc}",
  "**/{.vault-token,.vault_pass*,.vault-pass*,.passwd-s3fs,.passwd,.smbcredentials,.msmtprc,.fetchmailrc,.Renviron}",
  "**/{rclone.conf,.rclone.conf,.ftpconfig,sftp.json,sftp-config.json,filezilla.xml,sitemanager.xml,wp-config.php}",
  "**/{auth.json,local.settings.json,gh/hosts.yml,.m2/settings*.xml,.gradle/gradle.properties,.cargo/credentials*}",
  "**/{kubeconfig,*.kubeconfig,.kube/**,.docker/config.json,.aws/**,.azure/**,.gcloud/**,.config/gcloud/**,.oci/**}",
  "**/{kube{.,-,_}config{,.yaml,.yml,.json,.conf},kubeconfig.{yaml,yml,json,conf},credentials.tfrc.json}",
  "**/.{terraform.d,vnc,fly,ngrok,ngrok2,dbt,kaggle,huggingface,heroku,snowsql,pulumi,jfrog,putty,chef}/**",
  "**/{.config,Library/Application Support}/{sops,solana,doctl,gh,hub,glab-cli,fly,ngrok,rclone,op,stripe,configstore}/**",
  "**/.config/{openai,pip/pip.conf}",
  "**/{htpasswd,krb5cc_*,krb5.keytab,*.keyring,chap-secrets,pap-secrets,ipsec.secrets,*.nmconnection}",
  "**/{wpa_supplicant*.conf,wireguard/*.conf,etc/ssl/private/**,.local/share/keyrings/**}",
  "**/{keystore,signing,release-signing}.properties",
  "**/{.sentryclirc,.twurlrc,.snowflake/connections.toml,.circleci/cli.yml,.bundle/config,.cf/config.json}",
  "**/etc/{shadow,gshadow}*",
  // Shell histories, and browser and wallet files
  "**/.*_history",
  "**/{fish_history,ConsoleHost_history.txt,.viminfo,.lesshst}",
  "**/{logins.json,logins-backup.json,key3.db,key4.db,signons.sqlite,cookies.sqlite,cookies.txt,Login Data}",
  "**/{wallet.dat,{,*[-_]}wallet.json,UTC--*,.bitcoin/**,.ethereum/keystore/**}",
  // Deployment state contains secrets in plain text
  "**/*.tfvars{,.json}",
  "**/*.tfstate{,.*}",
  // Git's configuration and logs may contain tokens in addresses
  "**/.git/**",
];
