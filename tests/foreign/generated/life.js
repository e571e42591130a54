// Drives the local service with Microsoft's generated Node clients of this API, unchanged.
//
// Reads one JSON object from standard input: url, subscription_id, pem_file. NODE_EXTRA_CA_CERTS names the
// authority to trust. Prints one line of JSON: the steps that passed, and the first failure.
'use strict';
const fs = require('fs');
const { X509Certificate } = require('crypto');
const { promisify } = require('util');
const common = require('azure-common');
const compute = require('azure-asm-compute');
const management = require('azure-asm-mgmt');
const storage = require('azure-asm-storage');
const network = require('azure-asm-network');

const info = JSON.parse(fs.readFileSync(0, 'utf8'));
const pem = fs.readFileSync(info.pem_file, 'utf8');
const certificate = new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))).raw;
const credentials = new common.CertificateCloudCredentials({
  subscriptionId: info.subscription_id,
  pem,
});
const clients = {
  compute: compute.createComputeManagementClient(credentials, info.url),
  management: management.createManagementClient(credentials, info.url),
  storage: storage.createStorageManagementClient(credentials, info.url),
  network: network.createNetworkManagementClient(credentials, info.url),
};
for (const client of Object.values(clients)) {
  client.longRunningOperationInitialTimeout = 0;
  client.longRunningOperationRetryTimeout = 0;
}

const steps = [];
async function call(client, group, method, ...args) {
  const step = `${group}.${method}`;
  if (steps.at(-1) !== step) steps.push(step);
  const operations = clients[client][group];
  return promisify(operations[method]).apply(operations, args);
}
async function refused(status, code, text, client, group, method, ...args) {
  try {
    await call(client, group, method, ...args);
  } catch (error) {
    if (error.statusCode !== status || error.code !== code || !error.message.includes(text)) {
      throw new Error(`${group}.${method}: ${error.statusCode} ${error.code} ${error.message}`);
    }
    return;
  }
  throw new Error(`${group}.${method} was not refused`);
}
function same(found, wanted) {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${steps.at(-1)}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  }
}
async function instance(role) {
  const deployment = await call('compute', 'deployments', 'getByName', 'nodesvc', 'nodedep');
  return deployment.roleInstances.find((each) => each.roleName === role);
}
async function until(role, status) {
  for (let tries = 0; tries < 2000; tries += 1) {
    if ((await instance(role)).instanceStatus === status) return;
  }
  throw new Error(`${role} never became ${status}`);
}
function disk(blob) {
  return {
    mediaLink: `http://nodeaccount.blob.core.windows.net/vhds/${blob}.vhd`,
    sourceImageName: info.image,
    hostCaching: 'ReadWrite',
  };
}
function sets(host, port) {
  return [
    {
      configurationSetType: 'LinuxProvisioningConfiguration',
      hostName: host, userName: 'azureuser', userPassword: 'Password-1',
      disableSshPasswordAuthentication: false,
    },
    {
      configurationSetType: 'NetworkConfiguration',
      inputEndpoints: [{ name: 'ssh', protocol: 'tcp', port, localPort: 22 }],
    },
  ];
}

async function life() {
  const locations = await call('management', 'locations', 'list');
  same(locations.locations.some((each) => each.name === 'West US'), true);
  await call('management', 'roleSizes', 'list');
  same((await call('management', 'subscriptions', 'get')).subscriptionStatus, 'Active');
  await call('management', 'affinityGroups', 'create', { name: 'nodegroup', label: 'group', location: 'West US' });
  same((await call('management', 'affinityGroups', 'get', 'nodegroup')).label, 'group');
  await call('management', 'affinityGroups', 'update', 'nodegroup', { label: 'changed' });
  await call('management', 'affinityGroups', 'list');
  await call('management', 'affinityGroups', 'deleteMethod', 'nodegroup');

  same((await call('storage', 'storageAccounts', 'checkNameAvailability', 'nodeaccount')).isAvailable, true);
  await call('storage', 'storageAccounts', 'create', {
    name: 'nodeaccount', label: 'account', location: 'West US', accountType: 'Standard_LRS',
  });
  await call('storage', 'storageAccounts', 'update', 'nodeaccount', { description: 'changed' });
  same((await call('storage', 'storageAccounts', 'get', 'nodeaccount')).storageAccount.properties.label, 'account');
  const keys = await call('storage', 'storageAccounts', 'getKeys', 'nodeaccount');
  const renewed = await call('storage', 'storageAccounts', 'regenerateKeys', { name: 'nodeaccount', keyType: 'Primary' });
  same(renewed.primaryKey !== keys.primaryKey && renewed.secondaryKey === keys.secondaryKey, true);
  await call('storage', 'storageAccounts', 'list');

  same((await call('compute', 'hostedServices', 'checkNameAvailability', 'nodesvc')).isAvailable, true);
  await call('compute', 'hostedServices', 'create', { serviceName: 'nodesvc', label: 'svc label', location: 'West US' });
  await call('compute', 'hostedServices', 'update', 'nodesvc', { label: 'new label', description: 'text' });
  same((await call('compute', 'hostedServices', 'get', 'nodesvc')).properties.label, 'new label');
  await call('compute', 'hostedServices', 'list');
  await call('compute', 'serviceCertificates', 'create', 'nodesvc', {
    certificateFormat: 'cer', data: certificate.toString('base64'),
  });
  const certificates = await call('compute', 'serviceCertificates', 'list', 'nodesvc');
  same(certificates.certificates.length, 1);

  await call('compute', 'virtualMachines', 'createDeployment', 'nodesvc', {
    name: 'nodedep', label: 'label', deploymentSlot: 'Production',
    roles: [{
      roleName: 'one', roleType: 'PersistentVMRole', roleSize: 'Medium', provisionGuestAgent: true,
      oSVirtualHardDisk: disk('one'), configurationSets: sets('one', 22),
    }],
  });
  await until('one', 'ReadyRole');
  const deployment = await call('compute', 'deployments', 'getBySlot', 'nodesvc', 'Production');
  same([deployment.name, deployment.status, deployment.label], ['nodedep', 'Running', 'label']);
  const detail = await call('compute', 'hostedServices', 'getDetailed', 'nodesvc');
  same(detail.deployments.map((each) => each.name), ['nodedep']);
  await call('compute', 'virtualMachines', 'create', 'nodesvc', 'nodedep', {
    roleName: 'two', roleSize: 'Small', oSVirtualHardDisk: disk('two'), configurationSets: sets('two', 2222),
  });
  await until('two', 'ReadyRole');

  const role = await call('compute', 'virtualMachines', 'get', 'nodesvc', 'nodedep', 'one');
  same(role.roleSize, 'Medium');
  role.configurationSets[0].inputEndpoints.push({ name: 'web', protocol: 'tcp', port: 80, localPort: 8080 });
  await call('compute', 'virtualMachines', 'update', 'nodesvc', 'nodedep', 'one', {
    roleName: 'one', configurationSets: role.configurationSets, oSVirtualHardDisk: role.oSVirtualHardDisk,
    roleSize: role.roleSize,
  });
  const changed = await call('compute', 'virtualMachines', 'get', 'nodesvc', 'nodedep', 'one');
  same(changed.configurationSets[0].inputEndpoints.map((each) => each.name), ['ssh', 'web']);

  await call('compute', 'dnsServer', 'addDNSServer', 'nodesvc', 'nodedep', { name: 'dns1', address: '10.0.0.4' });
  await call('compute', 'dnsServer', 'updateDNSServer', 'nodesvc', 'nodedep', 'dns1', { name: 'dns1', address: '10.0.0.5' });
  await call('compute', 'dnsServer', 'deleteDNSServer', 'nodesvc', 'nodedep', 'dns1');
  await call('compute', 'loadBalancers', 'create', 'nodesvc', 'nodedep', {
    name: 'lb1', frontendIPConfiguration: { type: 'Private' },
  });
  await refused(400, 'BadRequest', 'Only one internal load balancer', 'compute', 'loadBalancers', 'create',
    'nodesvc', 'nodedep', { name: 'lb2', frontendIPConfiguration: { type: 'Private' } });
  await call('compute', 'loadBalancers', 'deleteMethod', 'nodesvc', 'nodedep', 'lb1');

  await call('compute', 'virtualMachineDisks', 'createDataDisk', 'nodesvc', 'nodedep', 'one', {
    hostCaching: 'ReadOnly', label: 'data', logicalDiskSizeInGB: 10, logicalUnitNumber: 1,
    mediaLinkUri: 'http://nodeaccount.blob.core.windows.net/vhds/data.vhd',
  });
  const data = await call('compute', 'virtualMachineDisks', 'getDataDisk', 'nodesvc', 'nodedep', 'one', 1);
  same([data.logicalUnitNumber, data.logicalDiskSizeInGB], [1, 10]);
  await call('compute', 'virtualMachineDisks', 'deleteDataDisk', 'nodesvc', 'nodedep', 'one', 1, false);
  await call('compute', 'virtualMachineDisks', 'getDisk', data.name);
  await call('compute', 'virtualMachineDisks', 'deleteDisk', data.name, true);
  await call('compute', 'virtualMachineDisks', 'listDisks');

  await call('compute', 'virtualMachines', 'restart', 'nodesvc', 'nodedep', 'one');
  await until('one', 'ReadyRole');
  await call('compute', 'virtualMachines', 'shutdown', 'nodesvc', 'nodedep', 'one', { postShutdownAction: 'StoppedDeallocated' });
  await until('one', 'StoppedDeallocated');
  await call('compute', 'virtualMachines', 'start', 'nodesvc', 'nodedep', 'one');
  await until('one', 'ReadyRole');
  await call('compute', 'virtualMachines', 'shutdownRoles', 'nodesvc', 'nodedep', {
    roles: ['two'], postShutdownAction: 'Stopped',
  });
  await until('two', 'StoppedVM');
  await call('compute', 'virtualMachines', 'startRoles', 'nodesvc', 'nodedep', { roles: ['two'] });
  await until('two', 'ReadyRole');
  await call('compute', 'virtualMachines', 'redeploy', 'nodesvc', 'nodedep', 'two');
  await until('two', 'ReadyRole');
  await call('compute', 'virtualMachines', 'shutdown', 'nodesvc', 'nodedep', 'two', { postShutdownAction: 'Stopped' });
  await until('two', 'StoppedVM');
  await call('compute', 'virtualMachines', 'captureOSImage', 'nodesvc', 'nodedep', 'two', {
    postCaptureAction: 'Delete', targetImageLabel: 'captured', targetImageName: 'nodeimage',
  });
  same((await call('compute', 'virtualMachineOSImages', 'get', 'nodeimage')).label, 'captured');
  await call('compute', 'virtualMachineOSImages', 'list');
  await call('compute', 'virtualMachineOSImages', 'deleteMethod', 'nodeimage', false);
  await call('compute', 'virtualMachineVMImages', 'list');

  await refused(404, 'ResourceNotFound', 'does not exist', 'compute', 'hostedServices', 'get', 'absent');
  await refused(409, 'ConflictError', 'already taken', 'compute', 'hostedServices', 'create',
    { serviceName: 'nodesvc', label: 'again', location: 'West US' });
  await refused(400, 'BadRequest', 'hosted service name is invalid', 'compute', 'hostedServices', 'create',
    { serviceName: 'not_a_name', label: 'bad', location: 'West US' });

  await call('network', 'reservedIPs', 'create', { name: 'nodeip', location: 'West US', label: 'address' });
  same((await call('network', 'reservedIPs', 'get', 'nodeip')).state, 'Created');
  await call('network', 'reservedIPs', 'list');
  await call('network', 'reservedIPs', 'deleteMethod', 'nodeip');
  await call('network', 'networks', 'list');

  await call('compute', 'virtualMachines', 'create', 'nodesvc', 'nodedep', {
    roleName: 'three', roleSize: 'Small', oSVirtualHardDisk: disk('three'), configurationSets: sets('three', 2223),
  });
  await call('compute', 'virtualMachines', 'deleteMethod', 'nodesvc', 'nodedep', 'three', true);
  await call('compute', 'deployments', 'deleteByName', 'nodesvc', 'nodedep', true);
  await call('compute', 'hostedServices', 'deleteAll', 'nodesvc');
  await call('storage', 'storageAccounts', 'deleteMethod', 'nodeaccount');
  await refused(404, 'ResourceNotFound', 'not found', 'storage', 'storageAccounts', 'getKeys', 'nodeaccount');
}

life().then(
  () => console.log(JSON.stringify({ steps, error: null })),
  (error) => console.log(JSON.stringify({ steps, error: `${steps.at(-1)}: ${error.message}`, code: error.code })),
);
