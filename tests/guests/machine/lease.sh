#!/bin/sh
# What udhcpc calls with the lease in variables.
[ "$1" = bound ] || exit 0
ip address add "$ip/${mask:-24}" dev "$interface"
ip route add default via "$router"
echo "nameserver $dns" >/etc/resolv.conf
